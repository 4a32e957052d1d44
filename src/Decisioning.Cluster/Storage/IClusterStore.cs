using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Storage;

/// <summary>
/// What the silos of a cluster share: the log of turns, snapshots of consumers' states, the calendar, brands' books, and the catalogue with a version that
/// says when it moved. Everything a call has returned from is durable. Safe for concurrent use by any number of silos.
/// </summary>
/// <remarks>
/// <para>Every start of a silo is an <em>epoch</em> of its own. A silo writes its rows in the order of their numbers, one batch at a time, so that whoever has
/// read an epoch up to a number has missed nothing before it.</para>
/// <para>A row is taken only where its (consumer, first sequence) is free and its epoch is open. Who built on a state that is no longer the newest therefore
/// loses its row, and closing an epoch fences a silo that still believes to be alive.</para>
/// <para>Thrown by all: <see cref="StorageException"/> where the store cannot be reached or refuses; whether a write was done is then not known, and doing it
/// again does no harm.</para>
/// </remarks>
public interface IClusterStore : IAsyncDisposable
{
    /// <summary>Makes what is missing of the schema, and checks that what is there is of this version.</summary>
    /// <param name="wire">The version of the silos' wire contract: all members of a cluster share it. It changes where no epoch is open, by the first that opens the store.</param>
    /// <exception cref="StorageException">The schema or the cluster is of another version; the message says which, and what to do.</exception>
    Task OpenAsync(int wire, CancellationToken cancellation);

    /// <summary>The store's own clock, ms since the Unix epoch.</summary>
    Task<long> ReadClockAsync(CancellationToken cancellation);

    /// <summary>Opens a new epoch; greater than all before.</summary>
    /// <exception cref="StorageException">Also where the cluster has moved to another wire contract since the store was opened.</exception>
    Task<long> BeginEpochAsync(string silo, long now, CancellationToken cancellation);

    /// <summary>Closes an epoch, from whose silo no row is taken from here on. Done again it does no harm.</summary>
    Task CloseEpochAsync(long epoch, CancellationToken cancellation);

    /// <summary>Every epoch, ascending, that is open or has rows left.</summary>
    Task<IReadOnlyList<EpochRow>> ReadEpochsAsync(CancellationToken cancellation);

    /// <summary>Writes a batch in one statement, with the calendar entries of what was taken.</summary>
    /// <param name="rows">Of one epoch, ascending by number, one a consumer at most. A row that this epoch wrote before under the same number counts as taken.</param>
    /// <returns>Positions of the rows that were refused, ascending; empty where all were taken.</returns>
    Task<IReadOnlyList<int>> AppendAsync(IReadOnlyList<TurnRow> rows, CancellationToken cancellation);

    /// <summary>Reads consumers: their snapshots and the rows after them.</summary>
    /// <param name="keys">No key twice.</param>
    /// <returns>One for each key, in their order.</returns>
    Task<IReadOnlyList<StoredConsumer>> ReadConsumersAsync(IReadOnlyList<ulong> keys, CancellationToken cancellation);

    /// <summary>A consumer's rows in the other direction, the newest first; those from before an erasure are left out.</summary>
    /// <param name="most">Most rows to return.</param>
    Task<IReadOnlyList<TurnRow>> ReadHistoryAsync(ulong consumer, int most, CancellationToken cancellation);

    /// <summary>Keeps snapshots. One that is not newer than what is stored is passed over.</summary>
    /// <param name="snapshots">One a consumer at most, of states whose turns all stand in the table.</param>
    Task WriteSnapshotsAsync(IReadOnlyList<SnapshotRow> snapshots, CancellationToken cancellation);

    /// <summary>
    /// Erases a consumer in one transaction: adds the row of its erasure, empties its earlier rows down to their facts, which name nobody, and removes its calendar
    /// entry. Its snapshot becomes one without a state as of the erasure, so that its next turn goes on with the numbers; the tombstone is left. Done again it
    /// does no harm.
    /// </summary>
    /// <returns>False where the row was refused: nothing was done.</returns>
    Task<bool> EraseAsync(TurnRow erasure, TombstoneRow tombstone, CancellationToken cancellation);

    /// <summary>Drops the tombstones whose <see cref="TombstoneRow.Until"/> is before the instant.</summary>
    Task DropTombstonesAsync(long untilBefore, CancellationToken cancellation);

    /// <summary>Calendar entries of one shard in order of hour and key.</summary>
    /// <param name="shard">0 to <paramref name="shards"/> − 1: the key's remainder.</param>
    /// <param name="upToHour">The last hour wanted, counted from the Unix epoch.</param>
    /// <param name="most">Most entries to return.</param>
    Task<IReadOnlyList<DueRow>> ReadDueAsync(int shard, int shards, int upToHour, int most, CancellationToken cancellation);

    /// <summary>An epoch's rows after a number, ascending.</summary>
    /// <param name="most">Most rows to return.</param>
    Task<IReadOnlyList<TurnRow>> ReadRowsAsync(long epoch, long after, int most, CancellationToken cancellation);

    /// <summary>A brand's books as last written; null where they never were.</summary>
    Task<StoredBrand?> ReadBrandBooksAsync(int brand, CancellationToken cancellation);

    /// <summary>Replaces a brand's books.</summary>
    /// <param name="expected">The version that was read, 0 for none.</param>
    /// <returns>False where somebody else wrote since: nothing was done.</returns>
    Task<bool> WriteBrandBooksAsync(StoredBrand books, IReadOnlyList<HourBooks> hours, long expected, CancellationToken cancellation);

    /// <summary>A brand's hourly rows, ascending.</summary>
    /// <param name="fromHour">The first hour wanted, counted from the Unix epoch.</param>
    /// <param name="toHour">End, exclusive.</param>
    Task<IReadOnlyList<HourBooks>> ReadHoursAsync(int brand, int fromHour, int toHour, CancellationToken cancellation);

    /// <summary>Everything, as of one instant, for a recount: consumers page by page, and the books with every row that is not yet in them.</summary>
    Task<IClusterSight> BeginSightAsync(CancellationToken cancellation);

    /// <summary>
    /// Forgets rows from before an instant that their consumers' snapshots contain (a contextual choice's needs none) and that every brand's books have taken in: the
    /// books of each brand that is live in the catalogue or was ever written, deleted ones apart. Closed epochs without rows go with them.
    /// </summary>
    Task TrimAsync(long beforeInstant, CancellationToken cancellation);

    /// <summary>Drops every brand's hourly rows from before an hour.</summary>
    /// <param name="before">Counted from the Unix epoch.</param>
    Task DropHoursAsync(int before, CancellationToken cancellation);

    /// <summary>The catalogue's version: moves with each change of a brand or setting.</summary>
    Task<long> ReadCatalogueVersionAsync(CancellationToken cancellation);

    /// <summary>
    /// Opens the catalogue for reading and changing. Its writes move the version by one, and throw <see cref="CatalogueMovedException"/>, having done nothing, where
    /// somebody else has moved it since it was opened or last written here.
    /// </summary>
    ICatalogueSession OpenCatalogue();
}

/// <summary>The catalogue, to be changed only while it stands at the version that is known here. Reads see what is newest.</summary>
public interface ICatalogueSession : ICatalogueStore
{
    /// <summary>The version that was opened, moved by each write here.</summary>
    long Version { get; }
}

/// <summary>The stored data as of one instant. Asked one thing at a time; while one of its sequences is being read it may be asked others.</summary>
public interface IClusterSight : IAsyncDisposable
{
    /// <summary>Consumers by key, ascending as signed numbers, with the rows after their snapshots.</summary>
    IAsyncEnumerable<StoredConsumer> ReadConsumersAsync(CancellationToken cancellation);

    Task<StoredBrand?> ReadBrandBooksAsync(int brand, CancellationToken cancellation);

    /// <summary>Rows of an epoch after a number, ascending.</summary>
    IAsyncEnumerable<TurnRow> ReadRowsAsync(long epoch, long after, CancellationToken cancellation);

    Task<IReadOnlyList<EpochRow>> ReadEpochsAsync(CancellationToken cancellation);
}

/// <summary>Somebody else changed the catalogue first: open it anew.</summary>
public sealed class CatalogueMovedException() : Exception("The catalogue was changed by another silo.");

/// <param name="Open">False: no row is taken any more, and <paramref name="Last"/> is final.</param>
/// <param name="Last">Number of its newest row; 0 where there is none.</param>
public readonly record struct EpochRow(long Epoch, string Silo, bool Open, long Last);

/// <summary>One consumer's turns of one batch.</summary>
/// <param name="Consumer">Key; 0 for a contextual choice.</param>
/// <param name="First">Sequence of its first turn, from 1: the consumer's (of a contextual choice: any number that no other has).</param>
/// <param name="Last">Sequence of its last turn.</param>
/// <param name="Number">Within the epoch, from 1, ascending.</param>
/// <param name="Kind"><see cref="TurnKind.Scrubbed"/> where the consumer was erased since: the payloads are then facts alone.</param>
/// <param name="Instant">Of its last turn, ms since the Unix epoch.</param>
/// <param name="DueHour">The consumer's calendar entry from here on, hours from the Unix epoch; 0: none. Null: it stays as it is.</param>
/// <param name="Payloads">The turns' payloads, each with its length before it as a varint: <see cref="RowPayloads"/>.</param>
public readonly record struct TurnRow(
    ulong Consumer, long First, long Last, long Epoch, long Number, TurnKind Kind, long Instant, int? DueHour, ReadOnlyMemory<byte> Payloads);

/// <param name="Sequence">Of the last turn that the state contains.</param>
/// <param name="State">Packed; empty: there is none.</param>
public readonly record struct SnapshotRow(ulong Consumer, long Sequence, ReadOnlyMemory<byte> State);

/// <param name="Snapshot">With sequence 0 and empty where there is none; empty as of the erasure where the consumer was erased.</param>
/// <param name="Tail">Rows with turns after the snapshot, ascending by sequence; the first may begin with turns that are in it.</param>
/// <param name="ErasedAt">When a consumer of this key was last erased, ms since the Unix epoch; null: never, or longer ago than tombstones are kept.</param>
public sealed record StoredConsumer(SnapshotRow Snapshot, IReadOnlyList<TurnRow> Tail, long? ErasedAt);

/// <param name="Hour">In which something may fall due, counted from the Unix epoch.</param>
public readonly record struct DueRow(int Hour, ulong Consumer);

/// <summary>A brand's books as they stand in the store.</summary>
/// <param name="Version">Grows by one with each write.</param>
/// <param name="Positions">By epoch, the number up to which its rows are in the books; what is not named is at 0.</param>
/// <param name="Totals">The brand's totals in their binary form.</param>
/// <param name="Money">What silos have been lent and have spent, in its binary form.</param>
public sealed record StoredBrand(int Brand, long Version, IReadOnlyDictionary<long, long> Positions, ReadOnlyMemory<byte> Totals, ReadOnlyMemory<byte> Money);
