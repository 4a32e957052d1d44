namespace Decisioning.Engine.Storage;

/// <summary>
/// The journal of turns: append-only, group-committed. Records are appended in memory in order and become durable in that order, block by block;
/// a position names a record for ever: <c>block &lt;&lt; 24 | offset in the block</c>, growing with time, above 0.
/// </summary>
public interface ITurnLog : IAsyncDisposable
{
    /// <summary>Everything appended at or before this is on disk.</summary>
    long DurablePosition { get; }

    /// <summary>Null while commits succeed; else why the last one failed. The log goes on trying: nothing appended is dropped.</summary>
    Exception? Trouble { get; }

    /// <summary>False while as much is waiting for the disk as may wait, or while commits fail: ask before a turn, refuse the turn then.</summary>
    bool HasRoom { get; }

    /// <summary>
    /// Appends one record. Never blocks on the disk. Callers of one consumer append in the order of its turns. Refuses only at twice what may wait: who asks
    /// <see cref="HasRoom"/> never gets there.
    /// </summary>
    /// <param name="head">Kind, consumer key and instant of the turn.</param>
    /// <param name="payload">Up to 1 MiB.</param>
    /// <param name="urgent">True: somebody waits for the commit. False: it may wait up to 20 ms for company.</param>
    /// <returns>The record's position.</returns>
    long Append(in TurnHead head, ReadOnlySpan<byte> payload, bool urgent);

    /// <summary>Completes when the record at the position is on disk; however long that takes.</summary>
    ValueTask WhenDurableAsync(long position, CancellationToken cancellation);

    /// <summary>Reads every durable record after a position, in order. A torn last one was cut when the log was opened.</summary>
    /// <exception cref="StorageDamagedException">What is on disk is not what was written.</exception>
    IEnumerable<TurnRecord> ReadAfter(long position);

    /// <summary>
    /// Tells the sink every durable record after a position, in order: out of memory where it was committed a moment ago, from disk where the follower fell behind
    /// what is kept for it. For one follower, which comes at its own beat and is never waited for.
    /// </summary>
    /// <returns>The position of the last record told; <paramref name="position"/> where there was none.</returns>
    /// <exception cref="StorageDamagedException">What is on disk is not what was written.</exception>
    long Follow(long position, ITurnSink sink)
    {
        foreach (TurnRecord record in ReadAfter(position))
        {
            sink.Take(record.Position, record.Head, record.Payload.Span);
            position = record.Position;
        }

        return position;
    }

    /// <summary>Reads one durable record; null where it was scrubbed, trimmed or never written.</summary>
    TurnRecord? Read(long position);

    /// <summary>
    /// Overwrites the payloads of these records with zeros, on disk, so that nothing of them can be read back; they then read as
    /// <see cref="TurnKind.Scrubbed"/> in <see cref="ReadAfter"/>. Waits for those that are not yet on disk. Done again it does no harm: after an exception, call it again.
    /// </summary>
    ValueTask ScrubAsync(IReadOnlyList<long> positions, CancellationToken cancellation);

    /// <summary>
    /// Forgets whole blocks from the beginning, as long as they end before the instant and lie before the block of the position; the newest block stays. What was
    /// forgotten is overwritten on disk.
    /// </summary>
    ValueTask TrimAsync(long beforeInstant, long upToPosition, CancellationToken cancellation);
}

/// <summary>Is told the journal's records in their order.</summary>
public interface ITurnSink
{
    /// <param name="payload">Valid during the call.</param>
    void Take(long position, in TurnHead head, ReadOnlySpan<byte> payload);
}

/// <summary>What a journalled record is.</summary>
public enum TurnKind : byte
{
    Scrubbed = 0,

    /// <summary>A consumer's turn; the payload is Core's.</summary>
    Turn = 1,

    /// <summary>A contextual decision: it only holds budget.</summary>
    Contextual = 2,

    /// <summary>A consumer's erasure.</summary>
    Erasure = 3,
}

/// <param name="Consumer">The consumer's key; 0 for none.</param>
/// <param name="Sequence">The consumer's turn number, from 1; 0 for none.</param>
/// <param name="Instant">Ms since the Unix epoch.</param>
/// <param name="Previous">Position of the same consumer's previous record, 0 for none: a chain back through its history.</param>
public readonly record struct TurnHead(TurnKind Kind, ulong Consumer, uint Sequence, long Instant, long Previous);

/// <summary>One record as read back.</summary>
public readonly record struct TurnRecord(long Position, TurnHead Head, ReadOnlyMemory<byte> Payload);
