namespace Decisioning.Core.Consumers;

/// <summary>
/// Which exposures are of which brand: a chain a slot through the state's list, oldest first, so that a rule about one brand does not walk those of all.
/// Built when first asked for after the list changed. A brand that gets its slot after that has none.
/// </summary>
internal sealed class ExposureIndex(StructList<ExposureEntry> exposures, StructList<Relationship> relationships)
{
    private const short End = -1;
    private const int NotBuilt = -1;

    private readonly short[] _first = new short[StateBounds.Relationships];
    private readonly short[] _counts = new short[StateBounds.Relationships];
    private readonly short[] _next = new short[StateBounds.Exposures];
    private int _builtSlots = NotBuilt;

    /// <summary>To be called whenever entries come or go.</summary>
    public void Forget() => _builtSlots = NotBuilt;

    /// <summary>How many exposures there are of the slot's brand: no cap of that brand can count more of them.</summary>
    public int CountOf(int slot)
    {
        Build();
        return slot < _builtSlots ? _counts[slot] : 0;
    }

    /// <summary>The slot's exposures, oldest first; not to be used past a change of the list.</summary>
    public Chain Of(int slot)
    {
        Build();
        return new Chain(this, slot < _builtSlots ? _first[slot] : End);
    }

    private void Build()
    {
        if (_builtSlots != NotBuilt)
        {
            return;
        }

        _builtSlots = relationships.Count;
        _first.AsSpan(0, _builtSlots).Fill(End);
        _counts.AsSpan(0, _builtSlots).Clear();
        Span<ExposureEntry> entries = exposures.Items;
        for (int i = entries.Length - 1; i >= 0; i--)
        {
            int slot = entries[i].Slot;
            _next[i] = _first[slot];
            _first[slot] = (short)i;
            _counts[slot]++;
        }
    }

    /// <summary>Enumerates by reference; allocates nothing.</summary>
    public struct Chain(ExposureIndex index, short first)
    {
        private short _at = End;
        private short _after = first;

        public readonly ref readonly ExposureEntry Current => ref index.At(_at);

        public readonly Chain GetEnumerator() => this;

        public bool MoveNext()
        {
            _at = _after;
            if (_at == End)
            {
                return false;
            }

            _after = index._next[_at];
            return true;
        }
    }

    private ref ExposureEntry At(int position) => ref exposures[position];
}
