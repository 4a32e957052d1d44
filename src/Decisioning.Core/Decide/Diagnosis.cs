using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>
/// Says of every (campaign, step, creative) which filter removes it and until when, by the questions of <see cref="Eligibility"/>. Runs where nothing could be
/// chosen, or an explanation is asked for: exhaustive, not quick.
/// </summary>
internal static class Diagnosis
{
    private static readonly string[] NotOpen = [.. Enum.GetValues<DeeplinkStage>().Select(static s => $"Not open at stage {Names.Of(s)}.")];

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
        // What is the same for all of a brand, a campaign or a step is asked once.
        Removal? server = OfCaps(null, context, CapRules.AnySlot, CapScope.Brand, 0, context.Command.Catalogue.Settings.Caps, "The server's cap is reached.");
        BrandSnapshot[] brands = context.Command.Brands;
        for (int b = 0; b < brands.Length; b++)
        {
            BrandSnapshot brand = brands[b];
            Removal? caps = OfCaps(server, context, CandidateSearch.SlotOf(context.Reading(b)), CapScope.Brand, 0, brand.Caps, "The brand's cap is reached.");
            foreach (CampaignSnapshot campaign in brand.Campaigns)
            {
                VisitCampaign(context, b, campaign, placement, caps, visitor);
            }
        }
    }

    private static void VisitCampaign(
        DecisionContext context, int brand, CampaignSnapshot campaign, PlacementCommand placement, Removal? brandCaps, Visitor visitor)
    {
        ref BrandReading reading = ref context.Reading(brand);
        if (OfCampaign(context, ref reading, campaign, placement) is { } removed)
        {
            visitor(campaign, null, null, removed);
            return;
        }

        StoryProgress progress = StoryProgress.Of(context.State, reading.Slot, campaign.Storyline, campaign.Brand, context.Now);
        int slot = CandidateSearch.SlotOf(reading);
        Removal? caps = OfCaps(brandCaps, context, slot, CapScope.Campaign, campaign.Symbol, campaign.Caps, "The campaign's cap is reached.");
        bool asked = false;
        Removal? rest = null;
        foreach (StepSnapshot step in campaign.Storyline.Steps)
        {
            Removal? closed = OfStep(context, ref reading, step, progress, placement);
            Removal? stepCaps = OfCaps(caps, context, slot, CapScope.Step, step.Symbol, step.Caps, "The step's cap is reached.");
            foreach (CreativeSnapshot creative in step.Creatives)
            {
                visitor(campaign, step, creative, OfCreative(creative));
            }

            if (step.Substitute is { } substitute && !step.Creatives.Contains(substitute))
            {
                visitor(campaign, step, substitute, OfCreative(substitute));
            }

            Removal? OfCreative(CreativeSnapshot creative) => OfFit(creative, placement) ?? closed ?? OfCreativeCaps(context, slot, campaign, creative, stepCaps) ?? OfRest();
        }

        // The market counts who asks: it is asked for those alone that nothing else removes.
        Removal? OfRest()
        {
            rest = asked ? rest : OfReservations(context, campaign) ?? OfMarket(context, campaign);
            asked = true;
            return rest;
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

    private static Removal? OfFit(CreativeSnapshot creative, PlacementCommand placement) =>
        creative.Paused ? new Removal(NoDecisionReason.CreativeFit, "The creative is paused.", null)
        : !Eligibility.Fits(creative, placement) ? new Removal(NoDecisionReason.CreativeFit, "Format or size does not fit the placement.", null)
        : null;

    private static Removal? OfStep(
        DecisionContext context, ref BrandReading reading, StepSnapshot step, in StoryProgress progress, PlacementCommand placement)
    {
        if (!Eligibility.IsOpen(step, context.State, ref reading, progress, placement, context.Now))
        {
            return new Removal(NoDecisionReason.NoStep, WhyClosed(step, progress, reading.StageAt(context.State, context.Now), placement), null);
        }

        return Eligibility.GapUntil(progress, context.Now) is { } gapUntil
            ? new Removal(NoDecisionReason.StorylineGap, "The storyline's gap is not over.", gapUntil)
            : null;
    }

    private static string WhyClosed(StepSnapshot step, in StoryProgress progress, DeeplinkStage stage, PlacementCommand placement) =>
        step.Paused ? "The step is paused."
        : progress.Ended ? "The story has ended for this consumer."
        : !Eligibility.Allows(step.Channels, placement.Channel) ? "The step does not serve on this channel."
        : step.Index < progress.Furthest && stage >= progress.FurthestStage ? "A later step has been seen."
        : NotOpen[(int)stage];

    private static Removal? OfCreativeCaps(DecisionContext context, int slot, CampaignSnapshot campaign, CreativeSnapshot creative, Removal? above) =>
        context.IsChosen(campaign.Brand.Symbol, creative) ? new Removal(NoDecisionReason.FrequencyCap, "This request already gives the creative out.", null)
        : OfCaps(above, context, slot, CapScope.Creative, creative.Symbol, creative.Caps, "The creative's cap is reached.");

    /// <summary>What one level's caps add to those above it: the lowest that is reached is named, and all must be free again.</summary>
    private static Removal? OfCaps(Removal? above, DecisionContext context, int slot, CapScope scope, int symbol, CapRule[] caps, string detail)
    {
        if (context.HaveRoom(slot, scope, symbol, caps))
        {
            return above;
        }

        long? free = CapRules.FreeAt(context.State, slot, scope, symbol, caps, context.Now);
        bool never = free is null || above is { EligibleAt: null };
        return new Removal(NoDecisionReason.FrequencyCap, detail, never ? null : Math.Max(free!.Value, above?.EligibleAt ?? 0));
    }

    private static Removal? OfReservations(DecisionContext context, CampaignSnapshot campaign) =>
        context.ExclusionOf(campaign) == NoDecisionReason.FrequencyCap
            ? new Removal(NoDecisionReason.FrequencyCap, "The consumer's list of live reservations is full.", null)
            : null;

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
