using Decisioning.Engine.Storage.Journal;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage;

/// <summary>
/// The journal as a SQLite file of its own, one row a block, each with its CRC-32C, committed with full synchronisation. The data folder must be locked
/// (<see cref="DataFolderLock"/>).
/// </summary>
public sealed class SqliteTurnLog : ITurnLog
{
    public const string FileName = "journal.db";

    // A block under load has a hundred kilobytes and more, and costs by the page; a block of one event takes a disk no longer.
    private const int PageBytes = 16 << 10;

    private readonly string _path;
    private readonly SqliteOptions _options;
    private readonly JournalQueue _queue;
    private readonly JournalTable _table;
    private readonly JournalReader _reader;
    private readonly WalCheckpoints _checkpoints;
    private readonly JournalWriter _writer;
    private readonly object _reading = new();
    private bool _closed;

    private SqliteTurnLog(SqliteOptions options, JournalTable table, JournalReader reader, WalCheckpoints checkpoints, JournalTail tail, TimeProvider time)
    {
        _path = table.Database.Path;
        _options = options;
        _table = table;
        _reader = reader;
        CutTail = tail.Cut;
        _queue = new JournalQueue(tail.NextBlock, tail.Position, time, JournalQueue.Company);
        _checkpoints = checkpoints;
        _writer = new JournalWriter(_queue, table, _checkpoints);
    }

    public long DurablePosition => _queue.Durable;

    public Exception? Trouble => _queue.Trouble;

    public bool HasRoom => _queue.HasRoom;

    /// <summary>What of a torn last block was cut when the log was opened, and why; null where nothing was.</summary>
    public string? CutTail { get; }

    /// <summary>Why the write-ahead log could not be moved into the database; null where it could. Commits go on meanwhile, into a longer log.</summary>
    public Exception? CheckpointTrouble => _checkpoints.Trouble;

    /// <summary>Opens or creates the journal in the folder, which must exist, and checks every block from the one of <paramref name="contained"/> on.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="time">For waiting.</param>
    /// <param name="contained">Position up to which the state store contains every turn; 0: none, and every block is checked.</param>
    /// <exception cref="StorageDamagedException">A block is damaged or missing, or the journal ends before <paramref name="contained"/>.</exception>
    /// <exception cref="StorageException">The file is not ours, of a newer version, or not to be opened.</exception>
    public static SqliteTurnLog Open(string folder, TimeProvider time, long contained = 0) => Open(folder, time, contained, SqliteOptions.Default);

    internal static SqliteTurnLog Open(string folder, TimeProvider time, long contained, SqliteOptions options)
    {
        string path = Path.Combine(folder, FileName);
        options = options with { PageBytes = options.PageBytes ?? PageBytes };
        SqliteDatabase database = SqliteDatabase.Open(path, options);
        JournalTable? table = null;
        JournalReader? reader = null;
        try
        {
            JournalTable.Schema.Prepare(database);
            database.CheckpointTruncate();
            table = new JournalTable(database);
            reader = new JournalReader(SqliteDatabase.Open(path, options, readOnly: true));
            JournalTail tail = JournalTail.Check(table, reader, contained);
            var checkpoints = new WalCheckpoints(database, SqliteDatabase.Open(path, options));
            return new SqliteTurnLog(options, table, reader, checkpoints, tail, time);
        }
        catch
        {
            reader?.Dispose();
            table?.Dispose();
            database.Dispose();
            throw;
        }
    }

    public long Append(in TurnHead head, ReadOnlySpan<byte> payload, bool urgent)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, JournalFrame.MaxPayload);
        return _queue.Append(head, payload, urgent);
    }

    public ValueTask WhenDurableAsync(long position, CancellationToken cancellation)
    {
        if (position <= _queue.Durable)
        {
            return ValueTask.CompletedTask;
        }

        Task durable = _queue.WhenDurable(position);
        return new ValueTask(cancellation.CanBeCanceled ? durable.WaitAsync(cancellation) : durable);
    }

    public IEnumerable<TurnRecord> ReadAfter(long position)
    {
        using var reader = new JournalReader(SqliteDatabase.Open(_path, _options, readOnly: true));
        foreach (StoredBlock block in reader.ReadFrom(JournalPosition.BlockOf(position)))
        {
            int from = block.Number == JournalPosition.BlockOf(position) ? JournalPosition.OffsetOf(position) + 1 : 0;
            foreach (TurnRecord record in block.Records(from))
            {
                yield return record;
            }
        }
    }

    public long Follow(long position, ITurnSink sink)
    {
        while (position < DurablePosition)
        {
            if (_queue.TryTake(position) is not { } block)
            {
                foreach (TurnRecord record in ReadAfter(position))
                {
                    sink.Take(record.Position, record.Head, record.Payload.Span);
                    position = record.Position;
                }

                return position;
            }

            position = block.Tell(position, sink);
            _queue.Return(block);
        }

        return position;
    }

    public TurnRecord? Read(long position)
    {
        StoredBlock? block;
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            block = _reader.Read(JournalPosition.BlockOf(position));
        }

        return block?.Find(JournalPosition.OffsetOf(position)) is { Head.Kind: not TurnKind.Scrubbed } record ? record : null;
    }

    public async ValueTask ScrubAsync(IReadOnlyList<long> positions, CancellationToken cancellation)
    {
        if (positions.Count == 0)
        {
            return;
        }

        await WhenDurableAsync(positions.Max(), cancellation);
        var blocks = new Queue<IGrouping<long, int>>(positions.GroupBy(JournalPosition.BlockOf, JournalPosition.OffsetOf));
        await RunAsync(
            table =>
            {
                if (blocks.TryDequeue(out IGrouping<long, int>? block))
                {
                    Scrub(table, block.Key, block.ToHashSet());
                    return false;
                }

                _checkpoints.Truncate();
                return true;
            },
            cancellation);
    }

    public async ValueTask TrimAsync(long beforeInstant, long upToPosition, CancellationToken cancellation)
    {
        // The newest block stays, for the sake of its number.
        long limit = Math.Min(JournalPosition.BlockOf(upToPosition), JournalPosition.BlockOf(DurablePosition));
        long? firstKept = null;
        await RunAsync(
            table =>
            {
                long deleted = table.DeleteBefore(firstKept ??= table.FirstKept(beforeInstant, limit));
                _checkpoints.Committed(deleted);
                return deleted == 0;
            },
            cancellation);
    }

    /// <summary>Writes everything that was appended and closes.</summary>
    /// <exception cref="StorageException">The disk refused to the end: what was not acknowledged is not there.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
        {
            return;
        }

        _queue.Stop();
        try
        {
            await _writer.Ended;
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Ends like a killed process: nothing more is written, the write-ahead log stays as it is.</summary>
    internal async Task AbandonAsync()
    {
        _queue.End(new StorageException($"{_path} was abandoned"));
        await _writer.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _checkpoints.LeaveWalOnClose();
        _table.Database.LeaveWalOnClose();
        _reader.Database.LeaveWalOnClose();
        Close();
    }

    private void Close()
    {
        lock (_reading)
        {
            _closed = true;
            _reader.Dispose();
        }

        _checkpoints.Dispose();
        _table.Dispose();
        _queue.Dispose();
    }

    private void Scrub(JournalTable table, long number, IReadOnlySet<int> offsets)
    {
        StoredBlock? block;
        lock (_reading)
        {
            block = _reader.Read(number);
        }

        if (block is not null)
        {
            table.Replace(block.Scrub(offsets));
        }
    }

    private async Task RunAsync(Func<JournalTable, bool> step, CancellationToken cancellation)
    {
        var job = new JournalJob(step);
        _queue.Enqueue(job);
        await job.Done.WaitAsync(cancellation);
    }
}
