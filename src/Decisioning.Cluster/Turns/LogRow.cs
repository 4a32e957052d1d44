using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Turns;

/// <summary>Whoever a row's turns belong to; called from the log's own thread.</summary>
internal interface IRowOwner
{
    /// <summary>True from the moment that a row of it was refused: it writes nothing more.</summary>
    bool IsLost { get; }

    /// <summary>Everything up to this row stands in the store.</summary>
    void Taken(LogRow row);

    /// <summary>A row was refused, and with it everything that waits behind it.</summary>
    void Lose();
}

/// <summary>One consumer's turns of one batch, on their way to the store.</summary>
internal sealed class LogRow
{
    private byte[] _payloads = [];
    private int _length;

    public required LogBatch Batch { get; init; }

    /// <summary>Null for contextual choices, and once the row is settled.</summary>
    public IRowOwner? Owner { get; set; }

    public required ulong Consumer { get; init; }

    public required TurnKind Kind { get; init; }

    /// <summary>The version of the catalogue that its first turn ran under.</summary>
    public long Catalogue { get; init; }

    public long First { get; set; }

    public long Last { get; set; }

    public long Number { get; set; }

    public long Instant { get; set; }

    public int? DueHour { get; set; }

    public int Turns { get; private set; }

    /// <summary>The state after its last turn, where a snapshot is due.</summary>
    public byte[]? Snapshot { get; set; }

    /// <summary>Takes no further turn.</summary>
    public bool Closed { get; set; }

    public bool IsTaken { get; set; }

    public bool IsLost { get; set; }

    public int Bytes => _length;

    /// <summary>Takes no further turn for its size.</summary>
    public bool IsFull => Turns >= ClusterBounds.RowTurns || Bytes >= ClusterBounds.RowBytes;

    public void Add(ReadOnlySpan<byte> payload)
    {
        int room = _length + 5 + payload.Length;
        if (room > _payloads.Length)
        {
            Array.Resize(ref _payloads, Turns == 0 ? room : Math.Max(room, 2 * _payloads.Length));
        }

        Turns++;
        _length += WriteLength(payload.Length, _payloads.AsSpan(_length));
        payload.CopyTo(_payloads.AsSpan(_length));
        _length += payload.Length;
    }

    public TurnRow ToRow(long epoch) => new(Consumer, First, Last, epoch, Number, Kind, Instant, DueHour, _payloads.AsMemory(0, _length));

    /// <summary>Lets go of what is no longer needed; whoever still waits keeps a small thing.</summary>
    public void Settle()
    {
        _payloads = [];
        Owner = null;
        Snapshot = null;
    }

    private static int WriteLength(int value, Span<byte> into)
    {
        int n = 0;
        for (; value >= 0x80; value >>= 7)
        {
            into[n++] = (byte)(value | 0x80);
        }

        into[n++] = (byte)value;
        return n;
    }
}

/// <summary>What goes to the store in one statement.</summary>
internal sealed class LogBatch
{
    private readonly Dictionary<ulong, LogRow> _open = [];

    public List<LogRow> Rows { get; } = [];

    public int Bytes { get; set; }

    /// <summary>Somebody waits for it.</summary>
    public bool Urgent { get; set; }

    /// <summary>Set where the batch is one consumer's erasure.</summary>
    public TombstoneRow? Tombstone { get; init; }

    /// <summary>Takes no further row.</summary>
    public bool IsFull => Tombstone is not null || Rows.Count >= ClusterBounds.BatchRows || Bytes >= ClusterBounds.BatchBytes;

    public TaskCompletionSource Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The consumer's row of this batch; null where there is none.</summary>
    public LogRow? Find(ulong consumer) => _open.GetValueOrDefault(consumer);

    public void Add(LogRow row)
    {
        Rows.Add(row);
        _open[row.Consumer] = row;
    }

    public TurnRow[] ToRows(long epoch)
    {
        TurnRow[] rows = new TurnRow[Rows.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Rows[i].ToRow(epoch);
        }

        return rows;
    }

    public bool Remove(ulong consumer) => _open.Remove(consumer, out LogRow? row) && Rows.Remove(row);
}
