using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
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
