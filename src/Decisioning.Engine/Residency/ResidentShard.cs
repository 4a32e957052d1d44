using Decisioning.Core.Consumers;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Residency;

/// <summary>
/// One part of the resident table: an open-addressing map from keys to packed states, in three flat arrays, so that a consumer costs its bytes and no objects.
/// Everything but <see cref="Gate"/> is to be touched under <see cref="Gate"/>; a slot is good until the next insertion or removal.
/// </summary>
internal sealed class ResidentShard
{
    private const int FirstCapacity = 16;

    /// <summary>Tables grow by this part: doubling would leave half of them empty.</summary>
    private const int GrowthPart = 4;

    private const int BytesPerSlot = sizeof(ulong) + sizeof(long) + sizeof(byte);
    private const byte DirtyFlag = 1;
    private const byte TouchedFlag = 2;

    private readonly StatePool _pool;
    private readonly ResidentGauge _gauge;
    private ulong[] _keys;
    private byte[]?[] _states;
    private byte[] _flags;
    private readonly CalendarMoves _moves = new();
    private int _count;
    private int _dirty;

    public ResidentShard(StatePool pool, ResidentGauge gauge)
    {
        _pool = pool;
        _gauge = gauge;
        (_keys, _states, _flags) = NewTables(FirstCapacity);
        _gauge.AddBytes(TableBytes(FirstCapacity));
    }

    /// <summary>A consumer's turn holds it from beginning to end.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Changes whenever a state leaves: what was read from disk meanwhile may be older than what left.</summary>
    public uint Generation { get; private set; }

    public int Dirty => _dirty;

    /// <summary>Who was erased; null while nobody was.</summary>
    public ErasureMarks? Erasures { get; private set; }

    public ErasureMarks OpenErasures() => Erasures ??= new ErasureMarks();

    /// <summary>The slot of a key, −1 where it is not resident.</summary>
    public int Find(ulong key)
    {
        for (int slot = HomeOf(key); _states[slot] is not null; slot = After(slot))
        {
            if (_keys[slot] == key)
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>The packed state, without the slack of its array.</summary>
    public ReadOnlySpan<byte> StateAt(int slot)
    {
        byte[] array = _states[slot]!;
        return array.AsSpan(0, ConsumerCodec.LengthOf(array));
    }

    public bool IsDirty(int slot) => (_flags[slot] & DirtyFlag) != 0;

    public void Touch(int slot) => _flags[slot] |= TouchedFlag;

    /// <summary>Takes in a state as it is on disk. The key is not resident.</summary>
    /// <returns>Its slot.</returns>
    public int Insert(ulong key, ReadOnlySpan<byte> packed)
    {
        int slot = Add(key, packed.Length);
        packed.CopyTo(_states[slot]);
        return slot;
    }

    /// <summary>Packs a changed state over the one at the slot (−1: the key is not resident yet) and marks it dirty.</summary>
    public void Store(ulong key, int slot, ConsumerState state)
    {
        int size = ConsumerCodec.SizeOf(state);
        _moves.Note(key, slot < 0 ? 0 : ConsumerCodec.CalendarHourOf(_states[slot]), state.CalendarHour);
        if (slot < 0)
        {
            slot = Add(key, size);
        }
        else if (size > _states[slot]!.Length || _states[slot]!.Length > 2 * size + 64)
        {
            Exchange(slot, size);
        }

        ConsumerCodec.Write(state, _states[slot]);
        if ((_flags[slot] & DirtyFlag) == 0)
        {
            _dirty++;
            _gauge.AddDirty(1);
        }

        _flags[slot] |= DirtyFlag | TouchedFlag;
    }

    /// <summary>What the consumer's entry in the stored calendar has to become when the state is written as it is; null: it stands as it should.</summary>
    public CalendarMove? MoveOf(ulong key, int slot) => _moves.Of(key, ConsumerCodec.CalendarHourOf(_states[slot]));

    /// <summary>Adds the consumers whose entry is not on disk yet and stands at or before an hour.</summary>
    public void CollectEntered(int upToHour, List<ulong> keys)
    {
        foreach (ulong key in _moves.Keys)
        {
            if (Find(key) is >= 0 and int slot && ConsumerCodec.CalendarHourOf(_states[slot]) is > 0 and int hour && hour <= upToHour)
            {
                keys.Add(key);
            }
        }
    }

    /// <summary>The state on disk is now the one that ended at this journal position, entered in the calendar at this hour.</summary>
    public void MarkWritten(ulong key, long position, int calendarHour)
    {
        int slot = Find(key);
        if (slot >= 0)
        {
            _moves.Written(key, calendarHour, ConsumerCodec.CalendarHourOf(_states[slot]));
        }

        if (slot >= 0 && IsDirty(slot) && ConsumerCodec.PositionOf(_states[slot]) == position)
        {
            ClearDirty(slot);
        }
    }

    public void CollectDirty(List<ulong> keys)
    {
        for (int slot = 0; _dirty > 0 && slot < _flags.Length; slot++)
        {
            if (IsDirty(slot))
            {
                keys.Add(_keys[slot]);
            }
        }
    }

    public void CollectKeys(List<ulong> keys)
    {
        for (int slot = 0; slot < _states.Length; slot++)
        {
            if (_states[slot] is not null)
            {
                keys.Add(_keys[slot]);
            }
        }
    }

    /// <summary>The clock's hand passes: what was touched since it last did gets a second chance, what was not and is clean leaves.</summary>
    /// <returns>How many left.</returns>
    public int Sweep()
    {
        int left = 0;
        for (int slot = 0; slot < _states.Length; slot++)
        {
            // A removal moves another state into the slot: look at that one too.
            while (_states[slot] is not null && _flags[slot] == 0)
            {
                Remove(slot);
                left++;
            }

            _flags[slot] &= unchecked((byte)~TouchedFlag);
        }

        return left;
    }

    /// <summary>Takes a state out of memory, overwriting it. The disk is the caller's matter.</summary>
    public void Remove(int slot)
    {
        Generation++;
        _moves.Forget(_keys[slot]);
        if (IsDirty(slot))
        {
            ClearDirty(slot);
        }

        byte[] array = _states[slot]!;
        _gauge.AddBytes(-StatePool.HeapBytes(array.Length));
        _gauge.AddCount(-1);
        _pool.Return(array);
        _count--;
        CloseGap(slot);
    }

    private void ClearDirty(int slot)
    {
        _flags[slot] &= unchecked((byte)~DirtyFlag);
        _dirty--;
        _gauge.AddDirty(-1);
    }

    private int Add(ulong key, int size)
    {
        if ((_count + 1) * 5 > _keys.Length * 4)
        {
            Grow();
        }

        byte[] array = _pool.Rent(size);
        _gauge.AddBytes(StatePool.HeapBytes(array.Length));
        _gauge.AddCount(1);
        _count++;
        return Place(key, array, TouchedFlag);
    }

    private void Exchange(int slot, int size)
    {
        byte[] old = _states[slot]!;
        byte[] array = _pool.Rent(size);
        _states[slot] = array;
        _gauge.AddBytes(StatePool.HeapBytes(array.Length) - StatePool.HeapBytes(old.Length));
        _pool.Return(old);
    }

    private int Place(ulong key, byte[] array, byte flags)
    {
        int slot = HomeOf(key);
        while (_states[slot] is not null)
        {
            slot = After(slot);
        }

        _keys[slot] = key;
        _states[slot] = array;
        _flags[slot] = flags;
        return slot;
    }

    private void Grow()
    {
        (ulong[] keys, byte[]?[] states, byte[] flags) = (_keys, _states, _flags);
        (_keys, _states, _flags) = NewTables(keys.Length + keys.Length / GrowthPart);
        for (int slot = 0; slot < keys.Length; slot++)
        {
            if (states[slot] is { } array)
            {
                Place(keys[slot], array, flags[slot]);
            }
        }

        _gauge.AddBytes(TableBytes(_keys.Length) - TableBytes(keys.Length));
    }

    // Linear probing without tombstones: whoever stands behind the gap and could stand in it moves up.
    private void CloseGap(int gap)
    {
        for (int slot = After(gap); _states[slot] is not null; slot = After(slot))
        {
            if (Distance(HomeOf(_keys[slot]), slot) >= Distance(gap, slot))
            {
                (_keys[gap], _states[gap], _flags[gap]) = (_keys[slot], _states[slot], _flags[slot]);
                gap = slot;
            }
        }

        _keys[gap] = 0;
        _states[gap] = null;
        _flags[gap] = 0;
    }

    // The high half of key × golden ratio, scaled to the capacity, which so may be any number.
    private int HomeOf(ulong key) => (int)((ulong)(uint)((key * 0x9E3779B97F4A7C15) >> 32) * (uint)_keys.Length >> 32);

    private int After(int slot) => slot + 1 == _keys.Length ? 0 : slot + 1;

    private int Distance(int from, int to) => to >= from ? to - from : to - from + _keys.Length;

    private static (ulong[] Keys, byte[]?[] States, byte[] Flags) NewTables(int capacity) => (new ulong[capacity], new byte[]?[capacity], new byte[capacity]);

    private static long TableBytes(int capacity) => (long)capacity * BytesPerSlot + 9 * sizeof(long);
}
