using System.Buffers;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Engine.Durability;

/// <summary>Takes rows out of the store that are of no more use: marks of contextual decisions whose tokens are too old to count, and, where consumers are bounded, the oldest.</summary>
internal sealed class StateExpiry(ResidentTable residents, IStateStore store, WriteBack writeBack)
{
    private const int Batch = 4_096;

    /// <summary>Drops marks of contextual decisions whose last turn was before the instant.</summary>
    public async Task DropMarksAsync(long before)
    {
        ConsumerState state = new();
        List<ulong> keys = [];
        foreach ((ulong key, ReadOnlyMemory<byte> packed) in store.ReadAll())
        {
            if (TurnScratch.IsMark(ConsumerCodec.IdOf(packed.Span)) && ConsumerCodec.TryRead(packed.Span, state) && state.LastInstant < before)
            {
                keys.Add(key);
            }
        }

        await DropAsync(keys);
    }

    /// <summary>Keeps the consumers whose last turns are the newest.</summary>
    public async Task KeepNewestAsync(int most)
    {
        long over = store.CountConsumers() - most;
        if (over <= 0)
        {
            return;
        }

        List<(long Position, ulong Key)> rows = [];
        foreach ((ulong key, ReadOnlyMemory<byte> packed) in store.ReadAll())
        {
            rows.Add((ConsumerCodec.PositionOf(packed.Span), key));
        }

        rows.Sort();
        await DropAsync(rows[..(int)Math.Min(over, rows.Count)].ConvertAll(static row => row.Key));
    }

    private async Task DropAsync(List<ulong> keys)
    {
        foreach (ulong[] some in keys.Chunk(Batch))
        {
            await writeBack.ChangeRowsAsync(() => Drop(some));
        }
    }

    // Who changed since is dirty and stays; who is read from disk just now and kept comes back with the next change.
    private void Drop(ulong[] keys)
    {
        List<KeyValuePair<ulong, ReadOnlyMemory<byte>>> rows = [];
        List<CalendarMove> calendar = [];
        foreach (ulong key in keys.OrderBy(static key => (long)key))
        {
            ResidentShard shard = residents.ShardOf(key);
            int calendarHour = CalendarHourOf(key);
            lock (shard.Gate)
            {
                int slot = shard.Find(key);
                if (slot >= 0 && shard.IsDirty(slot))
                {
                    continue;
                }

                if (slot >= 0)
                {
                    shard.Remove(slot);
                }

                rows.Add(new(key, default));
                calendar.Add(new CalendarMove(key, calendarHour, 0));
            }
        }

        store.Write(rows, null, null, calendar);
    }

    private int CalendarHourOf(ulong key)
    {
        ArrayBufferWriter<byte> row = new();
        return store.TryRead(key, row) ? ConsumerCodec.CalendarHourOf(row.WrittenSpan) : 0;
    }
}
