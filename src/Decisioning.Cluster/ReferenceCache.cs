using Decisioning.Cluster.Turns;

namespace Decisioning.Cluster;

/// <summary>References to consumers' grains, which are costly to make: each key has one place, and whoever came last has it. Safe for concurrent use.</summary>
internal sealed class ReferenceCache(IGrainFactory grains)
{
    private readonly Entry?[] _entries = new Entry?[ClusterBounds.References];

    public IConsumerGrain Of(ulong key)
    {
        ref Entry? place = ref _entries[key & (ClusterBounds.References - 1)];
        Entry? entry = Volatile.Read(ref place);
        if (entry?.Key != key)
        {
            entry = new Entry(key, grains.GetGrain<IConsumerGrain>(unchecked((long)key)));
            Volatile.Write(ref place, entry);
        }

        return entry.Grain;
    }

    private sealed record Entry(ulong Key, IConsumerGrain Grain);
}
