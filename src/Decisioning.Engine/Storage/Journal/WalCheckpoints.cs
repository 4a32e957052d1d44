using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.Journal;

/// <summary>
/// Keeps the write-ahead log short without stopping commits for long: past 16 MiB a second connection moves the bulk of it into the database beside the commits;
/// then the writer, between two commits, moves the little that came meanwhile, so that nothing is left and the next commit starts the log over.
/// </summary>
internal sealed class WalCheckpoints(SqliteDatabase writer, SqliteDatabase beside) : IDisposable
{
    /// <summary>Bytes in the write-ahead log from which it is moved.</summary>
    public const long ThresholdBytes = 16L << 20;

    /// <summary>What a commit writes beside its block: the table's leaf and, when the file grows, its first page.</summary>
    private const int PagesBeside = 2;

    private readonly long _bytesBeside = PagesBeside * (writer.ReadInteger("PRAGMA page_size") ?? 0);
    private long _bytes;
    private Task? _bulk;
    private volatile Exception? _trouble;

    /// <summary>Why the last checkpoint failed; null where it did not. The next one is tried 16 MiB later; until then the log is longer.</summary>
    public Exception? Trouble => _trouble;

    /// <summary>To be called by the writer's thread after each commit.</summary>
    public void Committed(long dataBytes)
    {
        _bytes += dataBytes + _bytesBeside;
        if (_bulk is { IsCompleted: true })
        {
            _trouble = _bulk.Exception?.InnerException ?? Attempt(writer.CheckpointPassive);
            _bulk = null;
            _bytes = 0;
        }
        else if (_bulk is null && _bytes >= ThresholdBytes)
        {
            _bulk = Task.Factory.StartNew(beside.CheckpointPassive, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Empties the write-ahead log, on the writer's thread.</summary>
    public void Truncate()
    {
        FinishBulk();
        writer.CheckpointTruncate();
        _bytes = 0;
    }

    public void LeaveWalOnClose()
    {
        FinishBulk();
        beside.LeaveWalOnClose();
    }

    public void Dispose()
    {
        FinishBulk();
        beside.Dispose();
    }

    private void FinishBulk()
    {
        _trouble = _bulk is null ? _trouble : Attempt(_bulk.Wait);
        _bulk = null;
    }

    private static Exception? Attempt(Action checkpoint)
    {
        try
        {
            checkpoint();
            return null;
        }
        catch (Exception e) when (e is StorageException or AggregateException)
        {
            return e;
        }
    }
}
