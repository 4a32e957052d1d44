using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>The answer to a <see cref="DecideCommand"/>.</summary>
public sealed class DecideReply
{
    /// <summary>Instant of the decision, ms since the Unix epoch; of the first one where the request id was repeated.</summary>
    public required long At { get; init; }

    public required CatalogueSnapshot Catalogue { get; init; }

    public required long PolicyVersion { get; init; }

    /// <summary>One for each placement of the request, in its order.</summary>
    public required PlacementReply[] Placements { get; init; }

    /// <summary>What became of the request's events; null where it had none.</summary>
    public EventResult[]? Events { get; set; }

    /// <summary>Null unless asked for.</summary>
    public Explanation? Explanation { get; set; }
}

/// <param name="Decisions">At most the placement's count, best first as drawn.</param>
/// <param name="NoDecision">Why it is short of its count; null where it is full.</param>
public readonly record struct PlacementReply(SlotDecision[] Decisions, NoDecision? NoDecision);

/// <param name="Reason">The filter that emptied the list.</param>
/// <param name="RetryAt">When waiting may help, ms since the Unix epoch; null where time does not help.</param>
public readonly record struct NoDecision(NoDecisionReason Reason, long? RetryAt);

/// <summary>The filters in the order they run; the reason is the last that still removed something when the list became empty.</summary>
public enum NoDecisionReason : byte
{
    NoCampaign, Consent, Targeting, CreativeFit, NoStep, StorylineGap, FrequencyCap, Pacing, Budget, Holdout, Timeout,
}

public static class NoDecisionReasons
{
    private static readonly string[] Reasons =
    [
        "no_campaign", "consent", "targeting", "creative_fit", "no_step", "storyline_gap", "frequency_cap", "pacing", "budget", "holdout", "timeout",
    ];

    /// <summary>In the order of the reasons.</summary>
    public static IReadOnlyList<string> All => Reasons;

    /// <summary>The wire name.</summary>
    public static string Of(NoDecisionReason reason) => Reasons[(int)reason];
}

/// <summary>One creative chosen for one slot.</summary>
/// <param name="Score">Expected value of one impression in the brand's currency.</param>
/// <param name="Propensity">Probability that this creative was drawn, given the slots filled before it; above 0, at most 1.</param>
/// <param name="Ordinal">The consumer's count of decisions at this one.</param>
/// <param name="ReserveSeconds">How long it holds its place; 0: it counts at once.</param>
/// <param name="Contextual">True where no profile was read.</param>
/// <param name="ChannelMark">The <see cref="Consumers.ChannelMark"/> of the placement's channel.</param>
public readonly record struct SlotDecision(
    CampaignSnapshot Campaign, StepSnapshot Step, CreativeSnapshot Creative, DeeplinkStage DeeplinkStage, double Intent,
    double Score, double Propensity, uint Ordinal, int ReserveSeconds, bool Contextual, ushort ChannelMark = Consumers.ChannelMark.None);

/// <summary>Every candidate of every placement with what removed it or what it scored.</summary>
public sealed record Explanation(PlacementExplanation[] Placements);

public sealed record PlacementExplanation(string PlacementId, List<CandidateExplanation> Candidates);

/// <summary>One candidate in an explanation; a campaign removed before its steps were looked at has no step and no creative.</summary>
/// <param name="Slot">Slot of the placement, from 0.</param>
/// <param name="RemovedBy">Null: it stayed and could be drawn.</param>
/// <param name="EligibleAt">When it becomes eligible again, ms since the Unix epoch; null where time does not help or it stayed.</param>
/// <param name="Score">Null where removed.</param>
/// <param name="Probability">Null where removed.</param>
public sealed record CandidateExplanation(
    int Slot, string Brand, string Campaign, string? Storyline, string? Step, string? Creative,
    NoDecisionReason? RemovedBy, string? Detail, long? EligibleAt, double? Score, double? Probability, bool Chosen);
