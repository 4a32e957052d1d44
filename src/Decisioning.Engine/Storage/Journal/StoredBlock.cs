using System.Buffers.Binary;

namespace Decisioning.Engine.Storage.Journal;

/// <summary>A block as read back: frames one after the other, and the checksum that stood beside them.</summary>
internal sealed record StoredBlock(long Number, long At, long LastAt, uint Checksum, byte[] Data)
{
    /// <summary>CRC-32C over number, instants and content, so that neither a row that changed nor one in a wrong place passes.</summary>
    public static uint ChecksumOf(long number, long at, long lastAt, ReadOnlySpan<byte> data)
    {
        Span<byte> row = stackalloc byte[3 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(row, number);
        BinaryPrimitives.WriteInt64LittleEndian(row[8..], at);
        BinaryPrimitives.WriteInt64LittleEndian(row[16..], lastAt);
        return ~Crc32C.Continue(Crc32C.Continue(uint.MaxValue, row), data);
    }

    /// <summary>A block that stands in the place of a torn one: its number is never given again.</summary>
    public static StoredBlock EmptyAt(long number, long instant) => new(number, instant, instant, ChecksumOf(number, instant, instant, []), []);

    /// <summary>Why the block cannot be trusted; null where it can.</summary>
    public string? Fault()
    {
        if (ChecksumOf(Number, At, LastAt, Data) != Checksum)
        {
            return $"block {Number} ({Data.Length} bytes) does not match its checksum";
        }

        int end = 0;
        while (end < Data.Length)
        {
            int size = JournalFrame.SizeAt(Data.AsSpan(end));
            if (size == 0)
            {
                return $"block {Number} holds a broken record at {end}";
            }

            end += size;
        }

        return null;
    }

    /// <summary>The records from an offset on. Ask for <see cref="Fault"/> first.</summary>
    public IEnumerable<TurnRecord> Records(int fromOffset = 0)
    {
        for (int at = 0; at < Data.Length;)
        {
            int size = JournalFrame.SizeAt(Data.AsSpan(at));
            if (at >= fromOffset)
            {
                yield return RecordAt(at, size);
            }

            at += size;
        }
    }

    /// <summary>The record that begins at the offset; null where none does.</summary>
    public TurnRecord? Find(int offset)
    {
        int at = 0;
        while (at < offset && at < Data.Length)
        {
            at += JournalFrame.SizeAt(Data.AsSpan(at));
        }

        return at == offset && at < Data.Length ? RecordAt(at, JournalFrame.SizeAt(Data.AsSpan(at))) : null;
    }

    /// <summary>Position of the newest record; of the block's start where it is empty.</summary>
    public long LastPosition()
    {
        int last = 0;
        for (int at = 0; at < Data.Length; at += JournalFrame.SizeAt(Data.AsSpan(at)))
        {
            last = at;
        }

        return JournalPosition.Of(Number, last);
    }

    /// <summary>The block with the records at these offsets scrubbed; offsets where no record begins are passed over.</summary>
    public StoredBlock Scrub(IReadOnlySet<int> offsets)
    {
        byte[] data = [.. Data];
        for (int at = 0; at < data.Length;)
        {
            int size = JournalFrame.SizeAt(data.AsSpan(at));
            if (offsets.Contains(at))
            {
                JournalFrame.Scrub(data.AsSpan(at, size));
            }

            at += size;
        }

        return this with { Data = data, Checksum = ChecksumOf(Number, At, LastAt, data) };
    }

    private TurnRecord RecordAt(int at, int size) => new(
        JournalPosition.Of(Number, at),
        JournalFrame.HeadAt(Data.AsSpan(at, size)),
        Data.AsMemory(at + JournalFrame.HeadSize, size - JournalFrame.HeadSize));
}
