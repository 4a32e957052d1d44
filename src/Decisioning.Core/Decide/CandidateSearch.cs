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
        if (!context.HaveRoom(CapRules.AnySlot, CapScope.Brand, 0, context.Command.Catalogue.Settings.Caps))
        {
            return;
        }

        StrangerCampaign[]?[] plans = _plans.For(context, placement);
        Priority best = Priority.House;
        Span<BrandReading> readings = context.Readings.Items;
        for (int r = 0; r < readings.Length; r++)
        {
            ref BrandReading reading = ref readings[r];
            if (context.MeetsCompetitor(reading))
            {
                continue;
            }

            // Of a brand without a record no cap is touched, of whatever level.
            if (reading.Slot < 0 && !context.HasSlot(reading.Symbol) && plans[reading.Symbol] is { } plan)
            {
                foreach (StrangerCampaign campaign in plan)
                {
                    AddStranger(context, r, campaign, ref best);
                }
            }
            else if (context.HaveRoom(SlotOf(reading), CapScope.Brand, 0, reading.Brand.Caps))
            {
                foreach (CampaignSnapshot campaign in reading.Brand.Campaigns)
                {
                    AddRanked(context, r, campaign, placement, ref best);
                }
            }
        }
    }

    private void AddRanked(DecisionContext context, int reading, CampaignSnapshot campaign, PlacementCommand placement, ref Priority best)
    {
        if (_candidates.Count > 0 && campaign.Priority > best)
        {
            return;
        }

        int before = _candidates.Count;
        AddCampaign(context, reading, campaign, placement);
        if (_candidates.Count > before)
        {
            Rank(campaign.Priority, before, ref best);
        }
    }

    /// <summary>As <see cref="AddRanked"/>, of a brand that has no record with the consumer, from its plan.</summary>
    private void AddStranger(DecisionContext context, int reading, StrangerCampaign stranger, ref Priority best)
    {
        if (stranger.Arms.Length == 0
            || (_candidates.Count > 0 && stranger.Priority > best)
            || !stranger.InFlight(context.Now)
            || (context.Excluded.Count > 0 && context.ExclusionOf(stranger.Campaign) is not null)
            || IsRefused(context, stranger.Campaign))
        {
            return;
        }

        int before = _candidates.Count;
        foreach (ref readonly Candidate arm in stranger.Arms.AsSpan())
        {
            _candidates.Add(arm);
            _candidates.Last.Reading = reading;
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

    private void AddCampaign(DecisionContext context, int readingIndex, CampaignSnapshot campaign, PlacementCommand placement)
    {
        ref BrandReading reading = ref context.Readings[readingIndex];
        if (!Eligibility.InFlight(campaign, context.Now)
            || !Eligibility.Consented(campaign, reading)
            || context.ExclusionOf(campaign) is not null
            || !Eligibility.Targeted(campaign, context.State, ref reading, placement, context.Command.Country, context.Now)
            || !context.HaveRoom(SlotOf(reading), CapScope.Campaign, campaign.Symbol, campaign.Caps))
        {
            return;
        }

        StoryProgress progress = StoryProgress.Of(context.State, reading.Slot, campaign.Storyline, campaign.Brand, context.Now);
        if (Eligibility.GapUntil(progress, context.Now) is not null)
        {
            return;
        }

        int before = _candidates.Count;
        AddFurthestStep(context, readingIndex, campaign, progress, placement);
        if (_candidates.Count > before && IsRefused(context, campaign))
        {
            RemoveRange(before, _candidates.Count - before);
        }
    }

    private void AddFurthestStep(DecisionContext context, int readingIndex, CampaignSnapshot campaign, in StoryProgress progress, PlacementCommand placement)
    {
        ref BrandReading reading = ref context.Readings[readingIndex];
        int before = _candidates.Count;
        foreach (StepSnapshot step in campaign.Storyline.MayOpenAt[(int)reading.StageAt(context.State, context.Now)])
        {
            if (Eligibility.IsOpen(step, context.State, ref reading, progress, placement, context.Now)
                && context.HaveRoom(SlotOf(reading), CapScope.Step, step.Symbol, step.Caps))
            {
                AddStep(context, readingIndex, campaign, step, placement);
                if (_candidates.Count > before)
                {
                    break;
                }
            }
        }
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
    private Candidate[] FindForStranger(DecisionContext asked, CampaignSnapshot campaign, PlacementCommand placement)
    {
        string? country = asked.Command.Country;
        _nobody.Bind(new ConsumerState(), new DecideCommand { Brands = [campaign.Brand], Country = country }, asked.Market, asked.Now);
        Clear();
        if (Eligibility.Targeted(campaign, _nobody.State, ref _nobody.Readings[0], placement, country, asked.Now))
        {
            AddFurthestStep(_nobody, 0, campaign, StoryProgress.Of(_nobody.State, -1, campaign.Storyline, campaign.Brand, asked.Now), placement);
        }

        Candidate[] found = _candidates.Items.ToArray();
        Clear();
        return found;
    }

    private void AddStep(DecisionContext context, int reading, CampaignSnapshot campaign, StepSnapshot step, PlacementCommand placement)
    {
        int before = _candidates.Count;
        bool anyChosen = context.Chosen.Count > 0 && context.HasSlot(campaign.Brand.Symbol);
        foreach (FitGroup group in step.Fits)
        {
            if (!Eligibility.Fits(group, placement))
            {
                continue;
            }

            if (group.ServesWhole && !anyChosen)
            {
                Add(new Candidate(campaign, step, group.Creatives, 0, group.Creatives.Length, reading));
                continue;
            }

            for (int i = 0; i < group.Creatives.Length; i++)
            {
                AddIfFree(context, new Candidate(campaign, step, group.Creatives, i, 1, reading));
            }
        }

        if (_candidates.Count == before && step.Substitute is { Paused: false } substitute && Eligibility.Fits(substitute, placement))
        {
            AddIfFree(context, new Candidate(campaign, step, step.SubstituteAlone, 0, 1, reading));
        }
    }

    private void AddIfFree(DecisionContext context, in Candidate candidate)
    {
        CreativeSnapshot creative = candidate.Creatives[candidate.Start];
        if (context.HaveRoom(SlotOf(context.Readings[candidate.Reading]), CapScope.Creative, creative.Symbol, creative.Caps)
            && !(context.Chosen.Count > 0 && context.IsChosen(candidate.Campaign.Brand.Symbol, creative)))
        {
            Add(candidate);
        }
    }

    private void Add(in Candidate candidate)
    {
        _candidates.Add(candidate);
        _scores.Add(candidate.Campaign.PriorValue);
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
