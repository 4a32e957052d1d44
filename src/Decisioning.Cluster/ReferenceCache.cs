using Decisioning.Cluster.Turns;
using Orleans.Runtime;

namespace Decisioning.Cluster;

/// <summary>
/// References to consumers' grains: each key has one place, and whoever came last has it. Asking the factory by type looks the interface's attributes up each
/// time; it is asked so once, and by the names found then ever after. Safe for concurrent use.
/// </summary>
internal sealed class ReferenceCache(IGrainFactory grains)
{
    private readonly Entry?[] _entries = new Entry?[ClusterBounds.References];
    private GrainReference? _named;

    public IConsumerGrain Of(ulong key)
    {
        ref Entry? place = ref _entries[key & (ClusterBounds.References - 1)];
        Entry? entry = Volatile.Read(ref place);
        if (entry?.Key != key)
        {
            entry = new Entry(key, Make(unchecked((long)key)));
            Volatile.Write(ref place, entry);
        }

        return entry.Grain;
    }

    private IConsumerGrain Make(long key)
    {
        GrainReference named = _named ??= (GrainReference)grains.GetGrain<IConsumerGrain>(0);
        return (IConsumerGrain)grains.GetGrain(GrainId.Create(named.GrainId.Type, GrainIdKeyExtensions.CreateIntegerKey(key)), named.InterfaceType);
    }

    private sealed record Entry(ulong Key, IConsumerGrain Grain);
}
