using System.Numerics;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>
/// Finds, for one slot, the creatives that may be drawn: of every campaign the furthest open step that can serve, of these the campaigns of the highest
/// priority. Creatives are reached by step and fit, never by a scan of the catalogue.
/// </summary>
internal sealed class CandidateSearch
{
    private readonly StructList<Candidate> _candidates = new(256);
    private readonly StructList<double> _scores = new(256);
    private readonly StructList<int> _counts = new(256);
    private readonly StructList<ulong> _walked = new(4);
    private readonly DecisionContext _nobody = new();
    private readonly StrangerPlans _plans;

    public CandidateSearch() => _plans = new StrangerPlans(FindForStranger);

    /// <summary>The candidates of the last search; all of one priority.</summary>
    public Span<Candidate> Candidates => _candidates.Items;

    /// <summary>The value of one creative of each, in the same order.</summary>
    public Span<double> Scores => _scores.Items;

    /// <summary>How many creatives each stands for, in the same order.</summary>
    public Span<int> Counts => _counts.Items;

    public void Run(DecisionContext context, PlacementCommand placement)
    {
        Clear();
        context.Funnel.BeginSearch();
        StrangerPlan plan = _plans.For(context, placement);
        BrandSnapshot[] brands = context.Command.Brands;
        Priority best = Priority.House;
        if (!context.HaveRoom(CapRules.AnySlot, CapScope.Brand, 0, context.Command.Catalogue.Settings.Caps))
        {
            TraceAll(context, brands, FunnelReach.Stepped);
            return;
        }

        if (context.Excluded.Count > 0 || context.Chosen.Count > 0
            || plan.BlockOf(brands, context.Now) is not { } block || block.AnyRefused(context.Market, context.Now))
        {
            Walk(context, plan, placement, 0, brands.Length, ref best);
            return;
        }

        FindWalked(context, block);
        int from = 0;
        for (int word = 0; word < _walked.Count; word++)
        {
            for (ulong left = _walked[word]; left != 0; left &= left - 1)
            {
                int position = word * 64 + BitOperations.TrailingZeroCount(left);
                Copy(context, plan, block, placement, from, position, ref best);
                Walk(context, plan, placement, position, position + 1, ref best);
                from = position + 1;
            }
        }

        Copy(context, plan, block, placement, from, brands.Length, ref best);
    }

    /// <summary>Finds the positions of brands that a block does not answer for, as bits: those the consumer has a record with, and those that ask for audiences.</summary>
    private void FindWalked(DecisionContext context, StrangerBlock block)
    {
        _walked.Clear();
        block.Strayed.CopyTo(_walked.Extend(block.Strayed.Length));
        foreach (ref readonly Relationship relationship in context.State.Relationships.Items)
        {
            int position = block.PositionOf(relationship.Brand);
            if (position >= 0 && context.SlotOf(context.Command.Brands[position]) >= 0)
            {
                _walked[position / 64] |= 1UL << position;
            }
        }
    }

    /// <summary>Adds what brands without a record have to offer as the block has it, which it may be only where no other priority stands before them.</summary>
    private void Copy(DecisionContext context, StrangerPlan plan, StrangerBlock block, PlacementCommand placement, int from, int to, ref Priority best)
    {
        block.Find(from, to, out ReadOnlySpan<Candidate> candidates, out ReadOnlySpan<double> scores, out ReadOnlySpan<int> counts, out ReadOnlySpan<byte> funnel);
        if (_candidates.Count > 0 && best != block.Priority)
        {
            Walk(context, plan, placement, from, to, ref best);
            return;
        }

        context.Funnel.AddRuns(funnel);
        if (candidates.IsEmpty)
        {
            return;
        }

        candidates.CopyTo(_candidates.Extend(candidates.Length));
        scores.CopyTo(_scores.Extend(scores.Length));
        counts.CopyTo(_counts.Extend(counts.Length));
        best = block.Priority;
    }

    /// <summary>Asks brand by brand, from one position up to, not including, another.</summary>
    private void Walk(DecisionContext context, StrangerPlan plan, PlacementCommand placement, int from, int to, ref Priority best)
    {
        BrandSnapshot[] brands = context.Command.Brands;
        for (int b = from; b < to; b++)
        {
            BrandSnapshot brand = brands[b];
            if (context.MeetsCompetitor(brand))
            {
                TraceAll(context, [brand], FunnelReach.Requested);
            }
            else if (context.SlotOf(brand) < 0 && !context.HasSlot(brand.Symbol) && plan.TryFind(brand, out ReadOnlySpan<StrangerCampaign> strangers))
            {
                // Of a brand without a record no cap is touched, of whatever level.
                foreach (ref readonly StrangerCampaign stranger in strangers)
                {
                    AddStranger(context, b, plan, stranger, ref best);
                }
            }
            else if (!context.HaveRoom(SlotOf(context.Reading(b)), CapScope.Brand, 0, brand.Caps))
            {
                TraceAll(context, [brand], FunnelReach.Stepped);
            }
            else
            {
                foreach (CampaignSnapshot campaign in brand.Campaigns)
                {
                    AddRanked(context, b, campaign, placement, ref best);
                }
            }
        }
    }

    private void AddRanked(DecisionContext context, int brand, CampaignSnapshot campaign, PlacementCommand placement, ref Priority best)
    {
        if (!Eligibility.InFlight(campaign, context.Now))
        {
            return;
        }

        if (_candidates.Count > 0 && campaign.Priority > best)
        {
            context.Funnel.Add(campaign, FunnelReach.Requested);
            return;
        }

        int before = _candidates.Count;
        context.Funnel.Add(campaign, AddCampaign(context, brand, campaign, placement));
        if (_candidates.Count > before)
        {
            Rank(campaign.Priority, before, ref best);
        }
    }

    /// <summary>As <see cref="AddRanked"/>, of a brand that has no record with the consumer, from its plan.</summary>
    private void AddStranger(DecisionContext context, int brand, StrangerPlan plan, in StrangerCampaign stranger, ref Priority best)
    {
        if (!stranger.InFlight(context.Now))
        {
            return;
        }

        if (_candidates.Count > 0 && stranger.Priority > best)
        {
            Trace(context, stranger, FunnelReach.Requested);
            return;
        }

        if (context.Excluded.Count > 0 && context.ExclusionOf(stranger.Campaign) is { } excluded)
        {
            Trace(context, stranger, ReachOf(excluded));
        }
        else if (stranger.ArmCount == 0)
        {
            Trace(context, stranger, stranger.Reach);
        }
        else if (IsRefused(context, stranger.Campaign))
        {
            Trace(context, stranger, FunnelReach.Uncapped);
        }
        else
        {
            Trace(context, stranger, FunnelReach.Paced);
            AddArms(plan.ArmsOf(stranger), stranger, brand, ref best);
        }
    }

    private static void Trace(DecisionContext context, in StrangerCampaign stranger, FunnelReach reach) =>
        context.Funnel.Add(stranger.Brand, stranger.Symbol, reach);

    private void AddArms(ReadOnlySpan<Candidate> arms, in StrangerCampaign stranger, int brand, ref Priority best)
    {
        int before = _candidates.Count;
        foreach (ref readonly Candidate arm in arms)
        {
            _candidates.Add(arm);
            _candidates.Last.Brand = brand;
            _scores.Add(stranger.Score);
            _counts.Add(arm.Count);
        }

        Rank(stranger.Priority, before, ref best);
    }

    /// <summary>What stands from a position on is of this priority: where that is higher than that of what stands before, that goes.</summary>
    private void Rank(Priority priority, int from, ref Priority best)
    {
        if (priority < best && from > 0)
        {
            RemoveRange(0, from);
        }

        best = priority;
    }

    public static int SlotOf(in BrandReading reading) => reading.Slot < 0 ? DecisionContext.Unknown : reading.Slot;

    private static void TraceAll(DecisionContext context, ReadOnlySpan<BrandSnapshot> brands, FunnelReach reach)
    {
        foreach (BrandSnapshot brand in brands)
        {
            foreach (CampaignSnapshot campaign in brand.Campaigns)
            {
                if (Eligibility.InFlight(campaign, context.Now))
                {
                    context.Funnel.Add(campaign, reach);
                }
            }
        }
    }

    /// <summary>Adds what a campaign in flight has to offer.</summary>
    /// <returns>How far it came.</returns>
    private FunnelReach AddCampaign(DecisionContext context, int brand, CampaignSnapshot campaign, PlacementCommand placement)
    {
        ref BrandReading reading = ref context.Reading(brand);
        if (!Eligibility.Consented(campaign, reading))
        {
            return FunnelReach.Requested;
        }

        if (context.ExclusionOf(campaign) is { } excluded)
        {
            return ReachOf(excluded);
        }

        if (!Eligibility.Targeted(campaign, context.State, ref reading, placement, context.Command.Country, context.Now))
        {
            return FunnelReach.Requested;
        }

        if (!context.HaveRoom(SlotOf(reading), CapScope.Campaign, campaign.Symbol, campaign.Caps))
        {
            return FunnelReach.Stepped;
        }

        StoryProgress progress = StoryProgress.Of(context.State, reading.Slot, campaign.Storyline, campaign.Brand, context.Now);
        if (Eligibility.GapUntil(progress, context.Now) is not null)
        {
            return FunnelReach.Targeted;
        }

        int before = _candidates.Count;
        FunnelReach reach = AddFurthestStep(context, brand, campaign, progress, placement);
        if (_candidates.Count == before)
        {
            return reach;
        }

        if (IsRefused(context, campaign))
        {
            RemoveRange(before, _candidates.Count - before);
            return FunnelReach.Uncapped;
        }

        return FunnelReach.Paced;
    }

    /// <summary>Adds what the furthest open step that may serve has to offer.</summary>
    /// <returns>How far the campaign came where that is nothing.</returns>
    private FunnelReach AddFurthestStep(
        DecisionContext context, int brand, CampaignSnapshot campaign, in StoryProgress progress, PlacementCommand placement)
    {
        ref BrandReading reading = ref context.Reading(brand);
        int before = _candidates.Count;
        FunnelReach reach = FunnelReach.Targeted;
        foreach (StepSnapshot step in campaign.Storyline.MayOpenAt[(int)reading.StageAt(context.State, context.Now)])
        {
            if (!Eligibility.IsOpen(step, context.State, ref reading, progress, placement, context.Now))
            {
                continue;
            }

            if (!context.HaveRoom(SlotOf(reading), CapScope.Step, step.Symbol, step.Caps))
            {
                reach = FunnelReach.Stepped;
                continue;
            }

            reach = AddStep(context, brand, campaign, step, placement) ? FunnelReach.Stepped : reach;
            if (_candidates.Count > before)
            {
                break;
            }
        }

        return reach;
    }

    private static bool IsRefused(DecisionContext context, CampaignSnapshot campaign)
    {
        MarketRefusal refusal = context.Market.Check(campaign, context.Now).Refusal;
        if (refusal != MarketRefusal.None)
        {
            context.Refusals.Add((campaign.Brand.Symbol, campaign.Symbol, refusal));
        }

        return refusal != MarketRefusal.None;
    }

    /// <summary>What a campaign that asks for no audience would show to somebody its brand has no record with, were it in flight.</summary>
    private FunnelReach FindForStranger(DecisionContext asked, CampaignSnapshot campaign, PlacementCommand placement, StructList<Candidate> arms)
    {
        string? country = asked.Command.Country;
        _nobody.Bind(new ConsumerState(), new DecideCommand { Brands = [campaign.Brand], Country = country }, asked.Market, asked.Now);
        Clear();
        FunnelReach reach = Eligibility.Targeted(campaign, _nobody.State, ref _nobody.Reading(0), placement, country, asked.Now)
            ? AddFurthestStep(_nobody, 0, campaign, StoryProgress.Of(_nobody.State, -1, campaign.Storyline, campaign.Brand, asked.Now), placement)
            : FunnelReach.Requested;
        _candidates.Items.CopyTo(arms.Extend(_candidates.Count));
        Clear();
        return reach;
    }

    /// <summary>How far a campaign had come that a draw for the same slot took out of the running.</summary>
    private static FunnelReach ReachOf(NoDecisionReason excluded) => excluded switch
    {
        NoDecisionReason.Holdout => FunnelReach.Paced,
        NoDecisionReason.Budget => FunnelReach.Uncapped,
        _ => FunnelReach.Stepped,
    };

    /// <summary>Adds the creatives of a step that fit and are free.</summary>
    /// <returns>Whether any fits.</returns>
    private bool AddStep(DecisionContext context, int brand, CampaignSnapshot campaign, StepSnapshot step, PlacementCommand placement)
    {
        int before = _candidates.Count;
        bool fits = false;
        bool anyChosen = context.Chosen.Count > 0 && context.HasSlot(campaign.Brand.Symbol);
        FitGroup[] groups = step.Fits;
        ReadOnlySpan<Offer> offers = campaign.Offers(step);
        for (int g = 0; g < groups.Length; g++)
        {
            FitGroup group = groups[g];
            if (!Eligibility.Fits(group, placement))
            {
                continue;
            }

            fits = true;
            if (group.ServesWhole && !anyChosen)
            {
                Add(new Candidate(offers[g], 0, group.Creatives.Length, brand));
                continue;
            }

            for (int i = 0; i < group.Creatives.Length; i++)
            {
                AddIfFree(context, new Candidate(offers[g], i, 1, brand));
            }
        }

        if (_candidates.Count == before && step.Substitute is { Paused: false } substitute && Eligibility.Fits(substitute, placement))
        {
            fits = true;
            AddIfFree(context, new Candidate(offers[^1], 0, 1, brand));
        }

        return fits;
    }

    private void AddIfFree(DecisionContext context, in Candidate candidate)
    {
        CreativeSnapshot creative = candidate.Offer.Creatives[candidate.Start];
        if (context.HaveRoom(SlotOf(context.Reading(candidate.Brand)), CapScope.Creative, creative.Symbol, creative.Caps)
            && !(context.Chosen.Count > 0 && context.IsChosen(candidate.Offer.Campaign.Brand.Symbol, creative)))
        {
            Add(candidate);
        }
    }

    private void Add(in Candidate candidate)
    {
        _candidates.Add(candidate);
        _scores.Add(candidate.Offer.Campaign.PriorValue);
        _counts.Add(candidate.Count);
    }

    private void Clear()
    {
        _candidates.Clear();
        _scores.Clear();
        _counts.Clear();
    }

    private void RemoveRange(int start, int count)
    {
        _candidates.RemoveRange(start, count);
        _scores.RemoveRange(start, count);
        _counts.RemoveRange(start, count);
    }
}
