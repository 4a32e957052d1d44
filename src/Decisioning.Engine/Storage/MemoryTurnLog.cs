using Decisioning.Engine.Storage.Journal;

namespace Decisioning.Engine.Storage;

/// <summary>The journal without a disk, for the sandbox and for tests: what is appended counts as durable at once. Past its bound it forgets its oldest block.</summary>
/// <param name="mostBytes">Bytes that it keeps; what is kept can be less by a block, 64 KiB.</param>
public sealed class MemoryTurnLog(long mostBytes = MemoryTurnLog.DefaultMostBytes) : ITurnLog
{
    public const long DefaultMostBytes = 64L << 20;

    private const int BlockBytes = 64 << 10;

    private readonly Lock _gate = new();
    private readonly List<JournalBlock> _blocks = [new(1)];
    private long _bytes;
    private long _last;
    private bool _closed;

    public long DurablePosition => Volatile.Read(ref _last);

    public Exception? Trouble => null;

    public bool HasRoom => true;

    public long Append(in TurnHead head, ReadOnlySpan<byte> payload, bool urgent)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, JournalFrame.MaxPayload);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            int size = JournalFrame.HeadSize + payload.Length;
            if (_blocks[^1].Length > 0 && _blocks[^1].Length + size > BlockBytes)
            {
                _blocks.Add(new JournalBlock(_blocks[^1].Number + 1));
            }

            Volatile.Write(ref _last, _blocks[^1].Append(head, payload));
            _bytes += size;
            while (_bytes > mostBytes && _blocks.Count > 1)
            {
                ForgetFirst();
            }

            return _last;
        }
    }

    public ValueTask WhenDurableAsync(long position, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, DurablePosition);
        return ValueTask.CompletedTask;
    }

    public IEnumerable<TurnRecord> ReadAfter(long position)
    {
        long next = JournalPosition.BlockOf(position);
        while (CopyFrom(next) is { } block)
        {
            int from = block.Number == JournalPosition.BlockOf(position) ? JournalPosition.OffsetOf(position) + 1 : 0;
            foreach (TurnRecord record in block.Records(from))
            {
                yield return record;
            }

            next = block.Number + 1;
        }
    }

    public TurnRecord? Read(long position)
    {
        long number = JournalPosition.BlockOf(position);
        StoredBlock? block = CopyFrom(number);
        return block?.Number == number && block.Find(JournalPosition.OffsetOf(position)) is { Head.Kind: not TurnKind.Scrubbed } record ? record : null;
    }

    public ValueTask ScrubAsync(IReadOnlyList<long> positions, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (long position in positions)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThan(position, _last);
                long number = JournalPosition.BlockOf(position);
                if (number >= _blocks[0].Number)
                {
                    _blocks[(int)(number - _blocks[0].Number)].Scrub(JournalPosition.OffsetOf(position));
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask TrimAsync(long beforeInstant, long upToPosition, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (_blocks.Count > 1 && _blocks[0].LastAt < beforeInstant && _blocks[0].Number < JournalPosition.BlockOf(upToPosition))
            {
                ForgetFirst();
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
        }

        return ValueTask.CompletedTask;
    }

    private void ForgetFirst()
    {
        _bytes -= _blocks[0].Length;
        _blocks.RemoveAt(0);
    }

    /// <summary>A copy of the block with this number or, where that is forgotten, of the oldest; null past the end.</summary>
    private StoredBlock? CopyFrom(long number)
    {
        lock (_gate)
        {
            long index = Math.Max(0, number - _blocks[0].Number);
            return index < _blocks.Count ? _blocks[(int)index].Copy() : null;
        }
    }
}
