using Decisioning.Core.Consumers;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Engine.Background;

/// <summary>
/// Goes over every consumer while turns go on: memory over disk, shard by shard, each consumer once.
/// <para>
/// Of a shard the residents come first, each as it is when it is looked at; then the stored rows of all others. Who was not resident then had everything on
/// disk, so a row that is read afterwards contains at least what was journalled before the scan began; the row of an erasure under way does not count. What is
/// journalled meanwhile may or may not be seen. Somebody new may be missed: all of its turns came after the beginning. Somebody erased meanwhile may be missed too:
/// that is told.
/// </para>
/// </summary>
internal sealed class ConsumerScan(ResidentTable residents, IStateStore store)
{
    private const int ChunkRows = 500;

    /// <summary>Looks at one packed state; valid during the call. A shard's gate may be held: no other consumer is to be opened.</summary>
    public delegate void Look(ulong key, ReadOnlySpan<byte> packed);

    /// <summary>Runs over all; marks of contextual decisions, which are nobody, are left out.</summary>
    /// <param name="look">Called for each.</param>
    /// <param name="after">Called after each, with no gate held.</param>
    /// <param name="erased">Called for those not looked at who were erased behind a position, with the position of that.</param>
    public async Task RunAsync(Look look, Func<ValueTask> after, (long Behind, Action<ulong, long> Tell)? erased = null)
    {
        HashSet<ulong> seen = [];
        for (int i = 0; i < residents.Shards.Length; i++)
        {
            seen.Clear();
            ResidentShard shard = residents.Shards[i];
            ulong[] erasing = await RunResidentsAsync(shard, look, after, seen);
            await RunStoredAsync(residents.Space.RangeOf(i), look, after, seen, erasing);
            if (erased is { } to)
            {
                TellErased(shard, to.Behind, to.Tell, seen);
            }
        }
    }

    /// <returns>Keys whose rows on disk do not count.</returns>
    private static async Task<ulong[]> RunResidentsAsync(ResidentShard shard, Look look, Func<ValueTask> after, HashSet<ulong> seen)
    {
        List<ulong> keys = [];
        ulong[] erasing;
        lock (shard.Gate)
        {
            shard.CollectKeys(keys);
            erasing = [.. shard.Erasures?.Started ?? []];
        }

        foreach (ulong key in keys)
        {
            if (LookAt(shard, key, look))
            {
                seen.Add(key);
            }

            await after();
        }

        return erasing;
    }

    // Who has left memory since the keys were collected is met on disk.
    private static bool LookAt(ResidentShard shard, ulong key, Look look)
    {
        lock (shard.Gate)
        {
            int slot = shard.Find(key);
            if (slot >= 0)
            {
                Show(key, shard.StateAt(slot), look);
            }

            return slot >= 0;
        }
    }

    private async Task RunStoredAsync((ulong First, ulong Last) range, Look look, Func<ValueTask> after, HashSet<ulong> seen, ulong[] erasing)
    {
        (ulong from, ulong last) = range;
        IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> rows;
        do
        {
            rows = store.ReadStates(from, last, ChunkRows);
            foreach ((ulong key, ReadOnlyMemory<byte> packed) in rows)
            {
                if (!erasing.Contains(key) && seen.Add(key))
                {
                    Show(key, packed.Span, look);
                }

                from = key + 1;
                await after();
            }
        }
        while (rows.Count == ChunkRows && rows[^1].Key != last);
    }

    private static void TellErased(ResidentShard shard, long behind, Action<ulong, long> tell, HashSet<ulong> seen)
    {
        lock (shard.Gate)
        {
            foreach ((ulong key, long position) in shard.Erasures?.After(behind) ?? [])
            {
                if (!seen.Contains(key))
                {
                    tell(key, position);
                }
            }
        }
    }

    private static void Show(ulong key, ReadOnlySpan<byte> packed, Look look)
    {
        if (!TurnScratch.IsMark(ConsumerCodec.IdOf(packed)))
        {
            look(key, packed);
        }
    }
}
