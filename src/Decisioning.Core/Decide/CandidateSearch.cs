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

    /// <summary>The candidates of the last search; all of one priority.</summary>
    public Span<Candidate> Candidates => _candidates.Items;

    /// <summary>The value of one creative of each, in the same order.</summary>
    public Span<double> Scores => _scores.Items;

    /// <summary>How many creatives each stands for, in the same order.</summary>
    public Span<int> Counts => _counts.Items;

    public void Run(DecisionContext context, PlacementCommand placement)
    {
        _candidates.Clear();
        _scores.Clear();
        _counts.Clear();
        context.Funnel.BeginSearch();
        Priority best = Priority.House;
        bool full = !context.HaveRoom(CapRules.AnySlot, CapScope.Brand, 0, context.Command.Catalogue.Settings.Caps);
        for (int r = 0; r < context.Readings.Count; r++)
        {
            ref BrandReading reading = ref context.Readings[r];
            BrandSnapshot brand = reading.Brand;
            if (full || !context.HaveRoom(SlotOf(reading), CapScope.Brand, 0, brand.Caps))
            {
                TraceAll(context, brand, FunnelReach.Stepped);
                continue;
            }

            if (context.MeetsCompetitor(brand))
            {
                TraceAll(context, brand, FunnelReach.Requested);
                continue;
            }

            foreach (CampaignSnapshot campaign in brand.Campaigns)
            {
                if (!Eligibility.InFlight(campaign, context.Now))
                {
                    continue;
                }

                if (_candidates.Count > 0 && campaign.Priority > best)
                {
                    context.Funnel.Add(campaign, FunnelReach.Requested);
                    continue;
                }

                int before = _candidates.Count;
                context.Funnel.Add(campaign, AddCampaign(context, r, campaign, placement));
                if (_candidates.Count == before)
                {
                    continue;
                }

                if (campaign.Priority < best)
                {
                    RemoveRange(0, before);
                }

                best = campaign.Priority;
            }
        }
    }

    public static int SlotOf(in BrandReading reading) => reading.Slot < 0 ? DecisionContext.Unknown : reading.Slot;

    private static void TraceAll(DecisionContext context, BrandSnapshot brand, FunnelReach reach)
    {
        foreach (CampaignSnapshot campaign in brand.Campaigns)
        {
            if (Eligibility.InFlight(campaign, context.Now))
            {
                context.Funnel.Add(campaign, reach);
            }
        }
    }

    /// <summary>Adds what a campaign in flight has to offer.</summary>
    /// <returns>How far it came.</returns>
    private FunnelReach AddCampaign(DecisionContext context, int readingIndex, CampaignSnapshot campaign, PlacementCommand placement)
    {
        ref BrandReading reading = ref context.Readings[readingIndex];
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

            reach = AddStep(context, readingIndex, campaign, step, placement) ? FunnelReach.Stepped : reach;
            if (_candidates.Count > before)
            {
                break;
            }
        }

        if (_candidates.Count == before)
        {
            return reach;
        }

        if (context.Market.Check(campaign, context.Now).Refusal is var refusal and not MarketRefusal.None)
        {
            context.Refusals.Add((campaign.Brand.Symbol, campaign.Symbol, refusal));
            RemoveRange(before, _candidates.Count - before);
            return FunnelReach.Uncapped;
        }

        return FunnelReach.Paced;
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
    private bool AddStep(DecisionContext context, int reading, CampaignSnapshot campaign, StepSnapshot step, PlacementCommand placement)
    {
        int before = _candidates.Count;
        bool fits = false;
        bool anyChosen = context.Chosen.Count > 0 && context.HasSlot(campaign.Brand.Symbol);
        foreach (FitGroup group in step.Fits)
        {
            if (!Eligibility.Fits(group, placement))
            {
                continue;
            }

            fits = true;
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
            fits = true;
            AddIfFree(context, new Candidate(campaign, step, step.SubstituteAlone, 0, 1, reading));
        }

        return fits;
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

    private void RemoveRange(int start, int count)
    {
        _candidates.RemoveRange(start, count);
        _scores.RemoveRange(start, count);
        _counts.RemoveRange(start, count);
    }
}
