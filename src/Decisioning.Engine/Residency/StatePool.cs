using System.Numerics;

namespace Decisioning.Engine.Residency;

/// <summary>
/// Arrays for packed states, used again by size class: classes are 16 bytes apart up to 1 KiB, an eighth of the size above, so that a long history that grows by
/// an exposure at a time is not moved each time. What is given back is overwritten.
/// Keeps a bounded number of bytes; the rest is the garbage collector's.
/// <para>
/// They lie on the pinned heap, which is as old as an array can be from its beginning: young ones in old tables would have every small collection look through the tables
/// for them, mark them and move them, with all turns waiting.
/// </para>
/// </summary>
internal sealed class StatePool(long maxBytes)
{
    private const int Step = 16;
    private const int FineOctave = 10;
    private const int FineUpTo = 1 << FineOctave;
    private const int FineClasses = FineUpTo / Step + 1;
    private const int StepsPerOctave = 8;
    private const int MaxPooled = 1 << 20;

    private static readonly int Classes = ClassOf(MaxPooled) + 1;

    private readonly Stack<byte[]>?[] _spare = new Stack<byte[]>?[Classes];
    private readonly Lock _gate = new();
    private long _bytes;

    /// <summary>Bytes in arrays waiting to be used again, their headers included.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>What an array of the length takes on the heap.</summary>
    public static long HeapBytes(int length) => 3 * sizeof(long) + ((length + 7) & ~7);

    /// <summary>Length of the arrays that are lent for a size.</summary>
    public static int LengthFor(int size)
    {
        if (size <= FineUpTo)
        {
            return (size + Step - 1) / Step * Step;
        }

        int step = 1 << (BitOperations.Log2((uint)size) - 3);
        return (int)(((long)size + step - 1) / step * step);
    }

    /// <summary>An array of at least the size; its content is undefined.</summary>
    public byte[] Rent(int size)
    {
        int length = LengthFor(size);
        if (length <= MaxPooled)
        {
            lock (_gate)
            {
                if (_spare[ClassOf(length)] is { } spare && spare.TryPop(out byte[]? array))
                {
                    _bytes -= HeapBytes(array.Length);
                    return array;
                }
            }
        }

        return GC.AllocateUninitializedArray<byte>(length, pinned: true);
    }

    public void Return(byte[] array)
    {
        Array.Clear(array);
        if (array.Length > MaxPooled)
        {
            return;
        }

        long bytes = HeapBytes(array.Length);
        lock (_gate)
        {
            if (_bytes + bytes <= maxBytes)
            {
                _bytes += bytes;
                (_spare[ClassOf(array.Length)] ??= new Stack<byte[]>()).Push(array);
            }
        }
    }

    private static int ClassOf(int length)
    {
        if (length <= FineUpTo)
        {
            return length / Step;
        }

        int octave = BitOperations.Log2((uint)length);
        return FineClasses + (octave - FineOctave) * StepsPerOctave + (length >> (octave - 3)) - StepsPerOctave;
    }
}
