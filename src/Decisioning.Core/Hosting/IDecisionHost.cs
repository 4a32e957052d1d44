using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Core.Hosting;

/// <summary>
/// The engine's port: what the API knows of a host. A host gives consumers identity, turns, time and durability; every rule is Core's.
/// Thrown by all: <see cref="HostUnavailableException"/> where the host cannot take the work now.
/// </summary>
public interface IDecisionHost
{
    /// <summary>The host's clock, ms since the Unix epoch.</summary>
    long Now { get; }

    /// <summary>The catalogue that is live now; take it once per request.</summary>
    CatalogueSnapshot Catalogue { get; }

    HostHealth Health { get; }

    /// <summary>Decides in the consumer's turn. Waits for the disk only where the command carries events.</summary>
    ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation);

    /// <summary>Records events in their consumers' turns; the answer, one result an event in their order, means that what was accepted is on disk.</summary>
    ValueTask<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation);

    /// <summary>Records one tracker call; answered after its turn and commit. False: the decision's consumer was erased, or its brand is gone; nothing was recorded.</summary>
    ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction, CancellationToken cancellation);

    /// <summary>Null where the consumer was never seen.</summary>
    ValueTask<ConsumerView?> ReadConsumerAsync(string id, CancellationToken cancellation);

    /// <summary>Erases the consumer from memory and disk. Null where it was never seen.</summary>
    ValueTask<ErasureReceipt?> EraseConsumerAsync(string id, CancellationToken cancellation);

    /// <summary>Puts a brand's document (UTF-8 JSON), live and durable when this returns.</summary>
    /// <param name="brandId">The brand.</param>
    /// <param name="document">As sent.</param>
    /// <param name="ifMatch">The version it must replace; null: any.</param>
    /// <param name="actor">Who did it, for the audit trail.</param>
    ValueTask<CatalogueChange> PutBrandAsync(string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation);

    ValueTask<CatalogueChange> DeleteBrandAsync(string brandId, string? ifMatch, string actor, CancellationToken cancellation);

    /// <summary>Sets the status of a campaign or creative.</summary>
    ValueTask<CatalogueChange> SetStatusAsync(string brandId, SymbolKind kind, string id, bool paused, string actor, CancellationToken cancellation);

    /// <summary>Puts the server's settings (UTF-8 JSON).</summary>
    ValueTask<CatalogueChange> PutSettingsAsync(ReadOnlyMemory<byte> document, string actor, CancellationToken cancellation);

    /// <summary>The brand's document as it stands (UTF-8 JSON); null where there is no such brand.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadBrandAsync(string brandId, CancellationToken cancellation);

    /// <summary>What was changed by whom, oldest first.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(string brandId, CancellationToken cancellation);
}

/// <summary>The host cannot take the work now: overloaded, recovering or unable to write. Nothing was done.</summary>
public sealed class HostUnavailableException(string reason, TimeSpan retryAfter) : Exception(reason)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <param name="Ready">Recovered and able to write.</param>
/// <param name="Reason">Why not ready; null where ready.</param>
public sealed record HostHealth(bool Ready, string? Reason);

public enum CatalogueOutcome : byte { Done, NotFound, VersionConflict, Invalid }

/// <param name="Version">The version after the change; the current one on a conflict; null where there is none.</param>
public sealed record CatalogueChange(CatalogueOutcome Outcome, string? Version, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings);

/// <param name="At">Ms since the Unix epoch.</param>
/// <param name="Key">Who: the key's id, or <c>local</c> where the server has no keys.</param>
/// <param name="Path">What was changed, for example <c>/campaigns/spring/status</c>.</param>
public sealed record AuditEntry(long At, string Key, string Action, string Path, string? Before, string? After);

/// <param name="ErasedAt">Ms since the Unix epoch.</param>
/// <param name="Brands">Ids of the brands that had any record.</param>
/// <param name="TombstoneUntil">Until then its old tokens and late events count nothing.</param>
public sealed record ErasureReceipt(string Consumer, long ErasedAt, string[] Brands, long TombstoneUntil);

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
