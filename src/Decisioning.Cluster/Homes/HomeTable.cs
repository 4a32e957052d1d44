using Orleans.Runtime;

namespace Decisioning.Cluster.Homes;

/// <summary>
/// On which other silo consumers were last heard to be. Each key has one place, and whoever came last has it: what is not found is looked up where Orleans keeps it, and what
/// is wrong costs a detour. A place has eight bytes; there are none before the first is heard of. Safe for concurrent use.
/// </summary>
/// <param name="places">A power of two, at least 256.</param>
internal sealed class HomeTable(int places = ClusterBounds.Homes)
{
    private const int MostSilos = 256;

    private readonly Lock _gate = new();
    private readonly int _shift = int.Log2(places);
    private State _state = new([], new SiloAddress?[MostSilos], 1);

    /// <summary>The consumers are on that silo now.</summary>
    public void Put(SiloAddress silo, ReadOnlySpan<ulong> keys)
    {
        lock (_gate)
        {
            uint number = NumberOf(silo);
            foreach (ulong key in keys)
            {
                Volatile.Write(ref PlaceOf(_state.Places, key), Mark(key) | number);
            }
        }
    }

    /// <summary>The consumers are not on that silo any more; those that were heard of from another since stay there.</summary>
    public void Remove(SiloAddress silo, ReadOnlySpan<ulong> keys)
    {
        lock (_gate)
        {
            uint number = (uint)Math.Max(0, Array.IndexOf(_state.Silos, silo));
            if (number == 0)
            {
                return;
            }

            foreach (ulong key in keys)
            {
                ref ulong place = ref PlaceOf(_state.Places, key);
                if (place == (Mark(key) | number))
                {
                    Volatile.Write(ref place, 0);
                }
            }
        }
    }

    /// <summary>The consumer is not where it was heard to be.</summary>
    /// <returns>Whether it was heard of.</returns>
    public bool Forget(ulong key)
    {
        SiloAddress? silo = Find(key);
        if (silo is not null)
        {
            Remove(silo, [key]);
        }

        return silo is not null;
    }

    /// <summary>Null: not heard of.</summary>
    public SiloAddress? Find(ulong key)
    {
        State state = Volatile.Read(ref _state);
        if (state.Places.Length == 0)
        {
            return null;
        }

        ulong place = Volatile.Read(ref PlaceOf(state.Places, key));
        return (place & ~(MostSilos - 1UL)) == Mark(key) ? state.Silos[(int)(place & (MostSilos - 1))] : null;
    }

    // The silo's number stands in the low bits, 0 in an empty place; the place itself says the rest of the key.
    private ulong Mark(ulong key) => key >> _shift << int.Log2(MostSilos);

    private ref ulong PlaceOf(ulong[] all, ulong key) => ref all[(int)(key & (ulong)(places - 1))];

    // Numbers are not given twice, for a place may still have that of a silo that is gone: when they are all given everything begins anew.
    private uint NumberOf(SiloAddress silo)
    {
        int known = Array.IndexOf(_state.Silos, silo);
        if (known > 0)
        {
            return (uint)known;
        }

        State state = _state.Places.Length > 0 && _state.Next < MostSilos ? _state : new State(new ulong[places], new SiloAddress?[MostSilos], 1);
        state.Silos[state.Next] = silo;
        Volatile.Write(ref _state, state with { Next = state.Next + 1 });
        return (uint)state.Next;
    }

    /// <param name="Silos">By number, from 1.</param>
    /// <param name="Next">The number of the next silo.</param>
    private sealed record State(ulong[] Places, SiloAddress?[] Silos, int Next);
}
