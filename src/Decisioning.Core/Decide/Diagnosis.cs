using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>
/// Says of every (campaign, step, creative) which filter removes it and until when, by the questions of <see cref="Eligibility"/>. Runs where nothing could be
/// chosen, or an explanation is asked for: exhaustive, not quick.
/// </summary>
internal static class Diagnosis
{
    private readonly record struct Removal(NoDecisionReason Reason, string Detail, long? EligibleAt);

    /// <summary>The filter that emptied the list, and the first instant at which waiting may help.</summary>
    public static NoDecision Of(DecisionContext context, PlacementCommand placement)
    {
        var last = NoDecisionReason.NoCampaign;
        long? retryAt = null;
        Visit(context, placement, (_, _, _, removal) =>
        {
            if (removal is not { } removed || removed.Reason < last)
            {
                return;
            }

            retryAt = removed.Reason > last ? removed.EligibleAt : Sooner(retryAt, removed.EligibleAt);
            last = removed.Reason;
        });
        return new NoDecision(last, retryAt);
    }

    /// <summary>Adds a line for every candidate: what removed it, or its score and probability.</summary>
    public static void Explain(
        DecisionContext context, PlacementCommand placement, int slot, Span<Candidate> candidates, Span<double> scores, Span<double> probabilities,
        (int Candidate, int Arm) drawn, List<CandidateExplanation> into)
    {
        var drawable = new Dictionary<(CampaignSnapshot, StepSnapshot, CreativeSnapshot), (double Score, double Probability, bool Chosen)>();
        for (int i = 0; i < candidates.Length; i++)
        {
            Offer offer = candidates[i].Offer;
            for (int arm = 0; arm < candidates[i].Count; arm++)
            {
                drawable[(offer.Campaign, offer.Step, offer.Creatives[candidates[i].Start + arm])] = (scores[i], probabilities[i], (i, arm) == drawn);
            }
        }

        Visit(context, placement, (campaign, step, creative, removal) =>
        {
            if (step is not null && creative is not null && drawable.TryGetValue((campaign, step, creative), out (double Score, double Probability, bool Chosen) draw))
            {
                into.Add(Line(slot, campaign, step, creative, null, draw.Score, draw.Probability, draw.Chosen));
                return;
            }

            removal ??= new Removal(NoDecisionReason.NoStep, "A later step, the step's own creatives or a campaign of higher priority serve.", null);
            into.Add(Line(slot, campaign, step, creative, removal, null, null, false));
        });
    }

    private static CandidateExplanation Line(
        int slot, CampaignSnapshot campaign, StepSnapshot? step, CreativeSnapshot? creative, Removal? removal, double? score, double? probability, bool chosen) =>
        new(slot, campaign.Brand.Id, campaign.Id, campaign.Storyline.Id, step?.Id, creative?.Id, removal?.Reason, removal?.Detail, removal?.EligibleAt,
            score, probability, chosen);

    private static long? Sooner(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private delegate void Visitor(CampaignSnapshot campaign, StepSnapshot? step, CreativeSnapshot? creative, Removal? removal);

    private static void Visit(DecisionContext context, PlacementCommand placement, Visitor visitor)
    {
        BrandSnapshot[] brands = context.Command.Brands;
        for (int b = 0; b < brands.Length; b++)
        {
            foreach (CampaignSnapshot campaign in brands[b].Campaigns)
            {
                VisitCampaign(context, b, campaign, placement, visitor);
            }
        }
    }

    private static void VisitCampaign(DecisionContext context, int brand, CampaignSnapshot campaign, PlacementCommand placement, Visitor visitor)
    {
        ref BrandReading reading = ref context.Reading(brand);
        if (OfCampaign(context, ref reading, campaign, placement) is { } removed)
        {
            visitor(campaign, null, null, removed);
            return;
        }

        StoryProgress progress = StoryProgress.Of(context.State, reading.Slot, campaign.Storyline, campaign.Brand, context.Now);
        foreach (StepSnapshot step in campaign.Storyline.Steps)
        {
            foreach (CreativeSnapshot creative in step.Creatives)
            {
                visitor(campaign, step, creative, OfCreative(context, brand, campaign, step, creative, progress, placement));
            }

            if (step.Substitute is { } substitute && !step.Creatives.Contains(substitute))
            {
                visitor(campaign, step, substitute, OfCreative(context, brand, campaign, step, substitute, progress, placement));
            }
        }
    }

    private static Removal? OfCampaign(DecisionContext context, ref BrandReading reading, CampaignSnapshot campaign, PlacementCommand placement)
    {
        if (!Eligibility.InFlight(campaign, context.Now))
        {
            return new Removal(
                NoDecisionReason.NoCampaign,
                campaign.Paused ? "The campaign is paused." : context.Now < campaign.From ? "The campaign has not begun." : "The campaign is over.",
                !campaign.Paused && context.Now < campaign.From ? campaign.From : null);
        }

        if (!Eligibility.Consented(campaign, reading))
        {
            return new Removal(NoDecisionReason.Consent, "Its audiences need a profile, which may not be read without consent.", null);
        }

        if (context.MeetsCompetitor(campaign.Brand))
        {
            return new Removal(NoDecisionReason.Targeting, "A competitor already has a slot of this request.", null);
        }

        return Eligibility.Targeted(campaign, context.State, ref reading, placement, context.Command.Country, context.Now)
            ? null
            : new Removal(NoDecisionReason.Targeting, "Channel, country or audience does not match.", null);
    }

    private static Removal? OfCreative(
        DecisionContext context, int brand, CampaignSnapshot campaign, StepSnapshot step, CreativeSnapshot creative, in StoryProgress progress,
        PlacementCommand placement)
    {
        ref BrandReading reading = ref context.Reading(brand);
        if (creative.Paused || !Eligibility.Fits(creative, placement))
        {
            return new Removal(NoDecisionReason.CreativeFit, creative.Paused ? "The creative is paused." : "Format or size does not fit the placement.", null);
        }

        if (!Eligibility.IsOpen(step, context.State, ref reading, progress, placement, context.Now))
        {
            return new Removal(NoDecisionReason.NoStep, WhyClosed(step, progress, reading.StageAt(context.State, context.Now), placement), null);
        }

        if (Eligibility.GapUntil(progress, context.Now) is { } gapUntil)
        {
            return new Removal(NoDecisionReason.StorylineGap, "The storyline's gap is not over.", gapUntil);
        }

        return OfCaps(context, reading, campaign, step, creative) ?? OfMarket(context, campaign);
    }

    private static string WhyClosed(StepSnapshot step, in StoryProgress progress, DeeplinkStage stage, PlacementCommand placement) =>
        step.Paused ? "The step is paused."
        : progress.Ended ? "The story has ended for this consumer."
        : !Eligibility.Allows(step.Channels, placement.Channel) ? "The step does not serve on this channel."
        : step.Index < progress.Furthest && stage >= progress.FurthestStage ? "A later step has been seen."
        : $"Not open at stage {Names.Of(stage)}.";

    private static Removal? OfCaps(DecisionContext context, in BrandReading reading, CampaignSnapshot campaign, StepSnapshot step, CreativeSnapshot creative)
    {
        if (context.IsChosen(campaign.Brand.Symbol, creative))
        {
            return new Removal(NoDecisionReason.FrequencyCap, "This request already gives the creative out.", null);
        }

        int slot = CandidateSearch.SlotOf(reading);
        (int Slot, CapScope Scope, int Symbol, CapRule[] Caps, string Name)[] levels =
        [
            (CapRules.AnySlot, CapScope.Brand, 0, context.Command.Catalogue.Settings.Caps, "server's"),
            (slot, CapScope.Brand, 0, campaign.Brand.Caps, "brand's"),
            (slot, CapScope.Campaign, campaign.Symbol, campaign.Caps, "campaign's"),
            (slot, CapScope.Step, step.Symbol, step.Caps, "step's"),
            (slot, CapScope.Creative, creative.Symbol, creative.Caps, "creative's"),
        ];
        Removal? removal = null;
        foreach ((int level, CapScope scope, int symbol, CapRule[] caps, string name) in levels)
        {
            if (!context.HaveRoom(level, scope, symbol, caps))
            {
                long? free = CapRules.FreeAt(context.State, level, scope, symbol, caps, context.Now);
                bool never = free is null || (removal is { EligibleAt: null });
                removal = new Removal(NoDecisionReason.FrequencyCap, $"The {name} cap is reached.", never ? null : Math.Max(free!.Value, removal?.EligibleAt ?? 0));
            }
        }

        return removal ?? (context.ExclusionOf(campaign) == NoDecisionReason.FrequencyCap
            ? new Removal(NoDecisionReason.FrequencyCap, "The consumer's list of live reservations is full.", null)
            : null);
    }

    private static Removal? OfMarket(DecisionContext context, CampaignSnapshot campaign)
    {
        MarketAnswer answer = context.Market.Check(campaign, context.Now);
        return answer.Refusal switch
        {
            MarketRefusal.Pacing => new Removal(NoDecisionReason.Pacing, "The pacing has released no more for now.", answer.RetryAt),
            MarketRefusal.Budget => new Removal(NoDecisionReason.Budget, "The budget has no room for one more.", answer.RetryAt),
            _ => context.ExclusionOf(campaign) switch
            {
                NoDecisionReason.Budget => new Removal(NoDecisionReason.Budget, "The budget's last room was taken at the same moment.", null),
                NoDecisionReason.Holdout => new Removal(NoDecisionReason.Holdout, "The consumer is held out.", null),
                _ => null,
            },
        };
    }
}
