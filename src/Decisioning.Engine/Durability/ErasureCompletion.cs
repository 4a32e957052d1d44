using System.Buffers;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Durability;

/// <summary>
/// Carries erasures through to the disk: the row goes and a tombstone comes, a checkpoint passes the erasure (money in the consumer's records is then in the
/// books), and the records are overwritten. Each step may be done again; what is not done stays pending over restarts.
/// </summary>
internal sealed class ErasureCompletion(ResidentTable residents, IStateStore store, ITurnLog log, WriteBack writeBack, PendingErasures pending, long keepMs) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Until when the tombstone of an erasure stays.</summary>
    public long UntilOf(long erasedAt) => erasedAt + keepMs;

    /// <summary>
    /// Runs one erasure after another: what is pending, then a new one, which <paramref name="begin"/> starts by journalling it and taking the consumer out of
    /// memory. Once begun it is not given up.
    /// </summary>
    /// <param name="begin">Null: there was nobody to erase.</param>
    public async Task RunAsync(Func<StartedErasure?> begin, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await CompletePendingAsync();
            if (begin() is { } erasure)
            {
                await CompleteAsync(erasure);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task CompletePendingAsync()
    {
        foreach (StartedErasure erasure in pending.All.ToArray())
        {
            await CompleteAsync(erasure);
        }
    }

    private async Task CompleteAsync(StartedErasure erasure)
    {
        await log.WhenDurableAsync(erasure.Position, CancellationToken.None);
        await writeBack.ChangeRowsAsync(() => EraseRow(erasure));
        if (store.Checkpoint < erasure.Position)
        {
            throw new InvalidOperationException($"The checkpoint {store.Checkpoint} is not past the erasure at {erasure.Position}: its records must not be overwritten yet.");
        }

        await log.ScrubAsync(PastOf(erasure), CancellationToken.None);
        pending.Remove(erasure);
    }

    private void EraseRow(StartedErasure erasure)
    {
        pending.Add(erasure);
        ResidentShard shard = residents.ShardOf(erasure.Key);
        long until = IsTaken(shard, residents.Space.Next(erasure.Key)) ? long.MaxValue : UntilOf(erasure.At);
        (long position, int calendarHour) = RowOf(erasure.Key);
        if (position < erasure.Position)
        {
            store.Erase(erasure.Key, calendarHour, new TombstoneRow(erasure.Key, erasure.At, until));
        }

        lock (shard.Gate)
        {
            shard.OpenErasures().End(erasure.Key, until);
        }
    }

    // Somebody else may lie behind the erased key because it was taken: the way there must stay marked.
    private bool IsTaken(ResidentShard shard, ulong key)
    {
        lock (shard.Gate)
        {
            if (shard.Find(key) >= 0)
            {
                return true;
            }
        }

        return RowOf(key).Position > 0;
    }

    private (long Position, int CalendarHour) RowOf(ulong key)
    {
        ArrayBufferWriter<byte> row = new();
        return store.TryRead(key, row) ? (ConsumerCodec.PositionOf(row.WrittenSpan), ConsumerCodec.CalendarHourOf(row.WrittenSpan)) : default;
    }

    // Oldest first: where this is cut short, what is left is still to be found from its newest end.
    private List<long> PastOf(StartedErasure erasure)
    {
        List<long> positions = [];
        for (long position = erasure.Previous; position > 0 && log.Read(position) is { } record; position = record.Head.Previous)
        {
            positions.Add(position);
        }

        positions.Reverse();
        return positions;
    }
}
