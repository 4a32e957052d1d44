using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Record;

/// <summary>A consumer's state, readable.</summary>
public sealed record ConsumerView(string Id, IReadOnlyList<RelationshipView> Brands);

/// <summary>A consumer's relationship with one brand. Instants are ms since the Unix epoch.</summary>
public sealed record RelationshipView(
    string Brand, Stage Stage, DeeplinkStage DeeplinkStage, double Intent,
    IReadOnlyDictionary<string, BehaviourView> Behaviours, IReadOnlyList<OrderView> Orders, IReadOnlyList<ExposureView> Exposures,
    IReadOnlyDictionary<string, StorylineView> Storylines, IReadOnlyList<CapView> Caps,
    IReadOnlyList<StageChangeView> StageHistory, IReadOnlyList<DecisionView> Decisions);

/// <param name="Count">Over the last 90 d, withdrawn ones not counted.</param>
/// <param name="LastAt">Newest live instant.</param>
public sealed record BehaviourView(long Count, long? LastAt);

/// <param name="Value">Micros.</param>
/// <param name="Refunded">Micros.</param>
/// <param name="Status"><c>purchased</c>, <c>deposit</c>, <c>refunded</c> or <c>refund_waiting</c>.</param>
public sealed record OrderView(string OrderId, string Status, long At, long Value, long Refunded);

/// <param name="State"><c>reserved</c> or <c>confirmed</c>.</param>
public sealed record ExposureView(long At, string? Campaign, string? Storyline, string? Step, string? Creative, string State, bool Late, IReadOnlyList<string> Interactions);

/// <param name="Furthest">The furthest step seen; null where none.</param>
public sealed record StorylineView(long? StartedAt, string? Furthest, bool Completed, bool Exited, IReadOnlyDictionary<string, int> Seen);

/// <param name="Scope"><c>brand</c>, <c>campaign</c>, <c>step</c>, <c>creative</c> or <c>server</c>.</param>
/// <param name="Count">Confirmed exposures and live reservations that count now.</param>
/// <param name="FreeAt">When the cap lets one more through; null where it does now, or never.</param>
public sealed record CapView(string Scope, string Id, int Max, long? WindowMs, int Count, long? FreeAt);

public sealed record StageChangeView(long At, DeeplinkStage From, DeeplinkStage To);

/// <param name="Reason">Why nothing was chosen; null for a choice.</param>
public sealed record DecisionView(
    long At, string Placement, string? Campaign, string? Step, string? Creative, double? Score, double? Propensity, string? Reason, bool Ghost);
