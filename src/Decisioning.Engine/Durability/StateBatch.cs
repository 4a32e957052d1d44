using Decisioning.Core.Consumers;
using Decisioning.Engine.Books;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Durability;

/// <summary>Copies of changed states on their way to disk, one transaction's worth, in the order of the store; used again from batch to batch.</summary>
internal sealed class StateBatch
{
    private const int Bytes = 1 << 20;
    private const int States = 2_048;

    private readonly List<KeyValuePair<ulong, ReadOnlyMemory<byte>>> _states = new(States);
    private readonly List<CalendarMove> _calendar = [];
    private byte[] _buffer = [];
    private int _length;

    public bool IsFull => _states.Count == States;

    /// <summary>The newest turn in it: durable before any of it may be written.</summary>
    public long LastPosition { get; private set; }

    /// <summary>Adds a state. False where it does not fit beside those there are.</summary>
    /// <param name="move">Of its entry in the calendar; null: it stays.</param>
    public bool TryAdd(ulong key, ReadOnlySpan<byte> packed, CalendarMove? move)
    {
        if (_length + packed.Length > _buffer.Length)
        {
            if (_states.Count > 0)
            {
                return false;
            }

            _buffer = new byte[Math.Max(Bytes, packed.Length)];
        }

        packed.CopyTo(_buffer.AsSpan(_length));
        _states.Add(new(key, _buffer.AsMemory(_length, packed.Length)));
        _length += packed.Length;
        if (move is { } moved)
        {
            _calendar.Add(moved);
        }

        LastPosition = Math.Max(LastPosition, ConsumerCodec.PositionOf(packed));
        return true;
    }

    /// <param name="books">What of the books goes with it; null: nothing.</param>
    public void WriteTo(IStateStore store, BooksChanges? books, long? checkpoint) =>
        store.Write(_states, books?.Spending, checkpoint, _calendar, books?.Books);

    /// <summary>What did not change since it was copied is clean now.</summary>
    public void MarkWritten(ResidentTable residents)
    {
        foreach ((ulong key, ReadOnlyMemory<byte> packed) in _states)
        {
            ResidentShard shard = residents.ShardOf(key);
            lock (shard.Gate)
            {
                shard.MarkWritten(key, ConsumerCodec.PositionOf(packed.Span), ConsumerCodec.CalendarHourOf(packed.Span));
            }
        }
    }

    /// <summary>Empties it; a buffer that one huge state made is let go.</summary>
    public void Clear()
    {
        _states.Clear();
        _calendar.Clear();
        _length = 0;
        LastPosition = 0;
        if (_buffer.Length > Bytes)
        {
            _buffer = [];
        }
    }
}
