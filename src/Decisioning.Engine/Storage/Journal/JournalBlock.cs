namespace Decisioning.Engine.Storage.Journal;

/// <summary>The block that records are being appended to, in memory: one row once it is on disk. Used under the queue's lock until it is closed, then by the writer alone.</summary>
internal sealed class JournalBlock
{
    /// <summary>Most bytes of a block; leaves every offset within 24 bits.</summary>
    public const int Capacity = 8 << 20;

    private const int SmallestBuffer = 64 << 10;

    private byte[] _buffer = new byte[SmallestBuffer];
    private TaskCompletionSource _durable = NewSignal();

    public JournalBlock(long number) => Number = number;

    public long Number { get; private set; }

    /// <summary>Bytes filled.</summary>
    public int Length { get; private set; }

    /// <summary>Earliest instant of its records, ms since the Unix epoch.</summary>
    public long At { get; private set; } = long.MaxValue;

    /// <summary>Latest instant of its records.</summary>
    public long LastAt { get; private set; } = long.MinValue;

    public long LastPosition { get; private set; }

    /// <summary>Bytes that it takes on the heap.</summary>
    public int HeldBytes => _buffer.Length;

    public ReadOnlySpan<byte> Data => _buffer.AsSpan(0, Length);

    /// <summary>Completes when the block is on disk; shared by all who wait for any of its records.</summary>
    public Task Durable => _durable.Task;

    public bool Fits(int payload) => Length + JournalFrame.HeadSize + payload <= Capacity;

    public long Append(in TurnHead head, ReadOnlySpan<byte> payload)
    {
        int size = JournalFrame.HeadSize + payload.Length;
        if (Length + size > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(Capacity, Math.Max(_buffer.Length * 2, Length + size)));
        }

        JournalFrame.Write(_buffer.AsSpan(Length, size), head, payload);
        LastPosition = JournalPosition.Of(Number, Length);
        Length += size;
        At = Math.Min(At, head.Instant);
        LastAt = Math.Max(LastAt, head.Instant);
        return LastPosition;
    }

    /// <summary>The checksum that it is to be stored with.</summary>
    public uint Checksum() => StoredBlock.ChecksumOf(Number, At, LastAt, Data);

    /// <summary>A copy of the block as it would be read back.</summary>
    public StoredBlock Copy() => new(Number, At, LastAt, Checksum(), Data.ToArray());

    /// <summary>Tells the sink the records after a position.</summary>
    /// <returns>The position of the last one.</returns>
    public long Tell(long after, ITurnSink sink)
    {
        for (int at = 0, size; at < Length; at += size)
        {
            size = JournalFrame.SizeAt(Data[at..]);
            long position = JournalPosition.Of(Number, at);
            if (position > after)
            {
                ReadOnlySpan<byte> frame = Data.Slice(at, size);
                sink.Take(position, JournalFrame.HeadAt(frame), frame[JournalFrame.HeadSize..]);
                after = position;
            }
        }

        return after;
    }

    /// <summary>Scrubs the record that begins at the offset; where none does, nothing happens.</summary>
    public void Scrub(int offset)
    {
        int at = 0;
        while (at < offset && at < Length)
        {
            at += JournalFrame.SizeAt(Data[at..]);
        }

        if (at == offset && at < Length)
        {
            JournalFrame.Scrub(_buffer.AsSpan(at, JournalFrame.SizeAt(Data[at..])));
        }
    }

    public void Complete() => _durable.TrySetResult();

    public void Fail(Exception reason)
    {
        _durable.TrySetException(reason);

        // Where nobody waits, nobody has to see it.
        _ = _durable.Task.Exception;
    }

    /// <summary>Makes a completed block the next open one, its buffer kept.</summary>
    public void Restart(long number)
    {
        Number = number;
        Length = 0;
        At = long.MaxValue;
        LastAt = long.MinValue;
        LastPosition = 0;
        _durable = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
