using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Decisioning.Core.Consumers;

/// <summary>A growable array of values whose items are reached by reference; scratch that is cleared and used again, so that turns allocate nothing.</summary>
public sealed class StructList<T>(int capacity)
    where T : struct
{
    private T[] _items = new T[capacity];

    public int Count { get; private set; }

    public Span<T> Items => _items.AsSpan(0, Count);

    public ref T this[int index]
    {
        get
        {
            Debug.Assert((uint)index < (uint)Count);
            return ref _items[index];
        }
    }

    /// <summary>As <c>[^1]</c>: the list is not empty.</summary>
    public ref T Last => ref _items[Count - 1];

    public void Clear() => Count = 0;

    public void Add(in T item)
    {
        EnsureRoom(1);
        _items[Count++] = item;
    }

    public void Insert(int index, in T item)
    {
        EnsureRoom(1);
        Array.Copy(_items, index, _items, index + 1, Count - index);
        _items[index] = item;
        Count++;
    }

    public void RemoveAt(int index) => RemoveRange(index, 1);

    public void RemoveRange(int index, int count)
    {
        Array.Copy(_items, index + count, _items, index, Count - index - count);
        Count -= count;
    }

    /// <summary>Makes the list that long, for the caller to fill; what was there stays.</summary>
    public Span<T> Extend(int count)
    {
        EnsureRoom(count);
        Count += count;
        return _items.AsSpan(Count - count, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EnsureRoom(int count)
    {
        if (Count + count > _items.Length)
        {
            Array.Resize(ref _items, Math.Max(Count + count, _items.Length * 2));
        }
    }
}
