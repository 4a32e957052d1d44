using System.Threading.Channels;
using Decisioning.Cluster.Storage;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Turns;

/// <summary>
/// The silo's group commit: turns are appended in memory and go to the store batch by batch, one statement in flight, what comes meanwhile being the next one.
/// A batch of which it is not known whether it was written is written again until it is known. Safe for concurrent use; the turns of one consumer come in their
/// order, and rows reach the store in the order of their numbers.
/// </summary>
public sealed partial class SiloLog
{
    private readonly IClusterStore _store;
    private readonly ITakenRows _taken;
    private readonly SnapshotWriter _snapshots;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly LinkedList<LogBatch> _queue = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _abandoned = new();
    private Task _writing = Task.CompletedTask;
    private LogBatch? _flying;
    private long _waitingBytes;
    private long _number;
    private volatile bool _open;
    private volatile bool _stopping;
    private volatile bool _fenced;
    private volatile Exception? _trouble;

    internal SiloLog(IClusterStore store, ITakenRows taken, SnapshotWriter snapshots, TimeProvider time)
    {
        _store = store;
        _taken = taken;
        _snapshots = snapshots;
        _time = time;
    }

    /// <summary>Of this start of the silo; 0 before it.</summary>
    public long Epoch { get; private set; }

    /// <summary>The number of the newest row that was taken or refused; 0 before the first.</summary>
    public long SettledNumber { get; private set; }

    /// <summary>True once the epoch was found closed: nothing more is taken, and the silo has to end.</summary>
    public bool IsFenced => _fenced;

    /// <summary>Why the last write failed; null where it did not. It is tried again until it succeeds.</summary>
    public Exception? Trouble => _trouble;

    /// <summary>Bytes that wait for the store.</summary>
    public long WaitingBytes => Volatile.Read(ref _waitingBytes);

    /// <summary>Called once, from the log's own thread, when the epoch was found closed.</summary>
    internal Action? Fenced { get; set; }

    /// <summary>Opens the silo's epoch and begins to take turns.</summary>
    internal async Task StartAsync(string silo, long now, CancellationToken cancellation)
    {
        Epoch = await _store.BeginEpochAsync(silo, now, cancellation);
        _open = true;
        _writing = Task.Run(WriteAllAsync, CancellationToken.None);
    }

    /// <summary>
    /// Takes no further turn, writes what waits, and closes the epoch; where time runs out first, what waits is lost and the epoch stays open.
    /// </summary>
    internal async Task StopAsync(CancellationToken cancellation)
    {
        _open = false;
        _stopping = true;
        Wake();
        await using (cancellation.Register(_abandoned.Cancel))
        {
            await _writing;
        }

        if (!_abandoned.IsCancellationRequested && Epoch != 0 && !_fenced)
        {
            await _store.CloseEpochAsync(Epoch, cancellation);
        }
    }

    /// <summary>Asked before a turn: whether it can be kept.</summary>
    /// <returns>Null where it can; else why not.</returns>
    internal string? Refusal() =>
        _fenced ? "The silo was taken for dead and is ending."
        : !_open ? "The silo is not taking work."
        : _trouble is { } trouble ? $"The store cannot be written: {trouble.Message}"
        : WaitingBytes >= ClusterBounds.WaitingBytes ? "Too much is waiting for the store."
        : null;

    /// <exception cref="HostUnavailableException">A turn could not be kept now.</exception>
    internal void Require()
    {
        if (Refusal() is { } reason)
        {
            throw new HostUnavailableException(reason, ClusterBounds.Soon);
        }
    }

    /// <summary>Appends a consumer's turn; never waits. What <see cref="Refusal"/> would have refused is still taken: ask before the turn.</summary>
    /// <returns>The row it is in; null where the owner has lost a row meanwhile: nothing was done.</returns>
    internal LogRow? Append(IRowOwner owner, in LogEntry entry, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (owner.IsLost || _fenced)
            {
                return null;
            }

            LogBatch batch = OpenBatch();
            LogRow? row = batch.Find(entry.Consumer);
            if (row is not null && (row.Closed || row.IsFull))
            {
                batch = Enqueue(new LogBatch());
                row = null;
            }

            if (row is null)
            {
                row = new LogRow
                {
                    Batch = batch,
                    Owner = owner,
                    Consumer = entry.Consumer,
                    Kind = TurnKind.Turn,
                    First = entry.Sequence,
                    Catalogue = entry.Catalogue,
                };
                batch.Add(row);
            }

            row.Last = entry.Sequence;
            row.DueHour = entry.DueHour ?? row.DueHour;
            row.Snapshot = entry.Snapshot;
            // A snapshot stands for whole rows, and a row tells one instant.
            row.Closed = entry.Snapshot is not null || !entry.Dated;
            Add(row, entry.Instant, payload);
            return row;
        }
    }

    /// <summary>Appends a contextual choice.</summary>
    internal void AppendContextual(long instant, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (_fenced)
            {
                return;
            }

            LogBatch batch = OpenBatch();
            LogRow? row = batch.Find(0);
            if (row is { Bytes: >= ClusterBounds.RowBytes })
            {
                batch = Enqueue(new LogBatch());
                row = null;
            }

            if (row is null)
            {
                row = new LogRow { Batch = batch, Consumer = 0, Kind = TurnKind.Contextual };
                batch.Add(row);
            }

            Add(row, instant, payload);
        }
    }

    /// <summary>Erases a consumer, after everything that was appended before.</summary>
    /// <returns>The erasure's row; null where the owner has lost a row meanwhile: nothing was done.</returns>
    internal LogRow? Erase(IRowOwner owner, ulong consumer, long sequence, ReadOnlySpan<byte> payload, in TombstoneRow tombstone)
    {
        lock (_gate)
        {
            if (owner.IsLost || _fenced)
            {
                return null;
            }

            LogBatch batch = Enqueue(new LogBatch { Tombstone = tombstone, Urgent = true });
            LogRow row = new()
            {
                Batch = batch,
                Owner = owner,
                Consumer = consumer,
                Kind = TurnKind.Erasure,
                First = sequence,
                Last = sequence,
                DueHour = 0,
                Closed = true,
            };
            batch.Add(row);
            Add(row, tombstone.ErasedAt, payload);
            return row;
        }
    }

    /// <summary>Completes when the row stands in the store; however long that takes.</summary>
    /// <exception cref="TurnLostException">It was refused.</exception>
    internal ValueTask WhenTakenAsync(LogRow row, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (row.IsTaken)
            {
                return default;
            }

            if (!row.Batch.Urgent)
            {
                row.Batch.Urgent = true;
                Wake();
            }
        }

        return WaitAsync(row, cancellation);
    }

    private static async ValueTask WaitAsync(LogRow row, CancellationToken cancellation)
    {
        await row.Batch.Settled.Task.WaitAsync(cancellation);
        if (row.IsLost)
        {
            throw new TurnLostException();
        }
    }

    private LogBatch OpenBatch() => _queue.Last?.Value is { IsFull: false } last ? last : Enqueue(new LogBatch());

    private LogBatch Enqueue(LogBatch batch)
    {
        _queue.AddLast(batch);
        Wake();
        return batch;
    }

    private void Add(LogRow row, long instant, ReadOnlySpan<byte> payload)
    {
        int before = row.Bytes;
        row.Instant = instant;
        row.Add(payload);
        row.Batch.Bytes += row.Bytes - before;
        _waitingBytes += row.Bytes - before;
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task WriteAllAsync()
    {
        while (true)
        {
            bool waits, lingers;
            lock (_gate)
            {
                LogBatch? next = _queue.First?.Value;
                waits = next is null;
                lingers = next is { Urgent: false, IsFull: false } && _queue.Count == 1 && !_stopping;
            }

            if (waits && (_stopping || _fenced))
            {
                return;
            }

            if (waits)
            {
                await _wake.Reader.ReadAsync();
                continue;
            }

            if (lingers)
            {
                await LingerAsync();
            }

            try
            {
                await WriteAsync(Seal());
            }
            catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
            {
                LoseAll();
                return;
            }
        }
    }

    // Until somebody waits for the batch, or its time is up: told by a timer, for a wait that is cancelled costs an exception each time.
    private async Task LingerAsync()
    {
        bool over = false;
        using ITimer enough = _time.CreateTimer(
            _ =>
            {
                Volatile.Write(ref over, true);
                Wake();
            },
            null,
            ClusterBounds.Linger,
            Timeout.InfiniteTimeSpan);
        while (!Volatile.Read(ref over))
        {
            await _wake.Reader.ReadAsync();
            lock (_gate)
            {
                if (_stopping || _queue.Count > 1 || _queue.First!.Value is { Urgent: true } or { IsFull: true })
                {
                    return;
                }
            }
        }
    }

    private LogBatch Seal()
    {
        lock (_gate)
        {
            _flying = _queue.First!.Value;
            _queue.RemoveFirst();
            foreach (LogRow row in _flying.Rows)
            {
                row.Number = ++_number;
                if (row.Kind == TurnKind.Contextual)
                {
                    row.First = row.Last = Epoch << 40 | _number;
                }
            }

            return _flying;
        }
    }

    private async Task WriteAsync(LogBatch batch)
    {
        TurnRow[] rows = batch.ToRows(Epoch);
        IReadOnlyList<int> refused = [];
        if (rows.Length > 0)
        {
            refused = await TryUntilKnownAsync(
                () => batch.Tombstone is { } tombstone ? EraseAsync(rows[0], tombstone) : _store.AppendAsync(rows, _abandoned.Token));
        }

        bool closed = refused.Count > 0 && await TryUntilKnownAsync(IsClosedAsync);
        Settle(batch, rows, refused);
        if (closed)
        {
            LoseAll();
            Fenced?.Invoke();
        }
    }

    private async Task<IReadOnlyList<int>> EraseAsync(TurnRow row, TombstoneRow tombstone)
    {
        await _snapshots.ForgetAsync(row.Consumer, _abandoned.Token);
        return await _store.EraseAsync(row, tombstone, _abandoned.Token) ? [] : [0];
    }

    /// <summary>Whether others have closed the epoch: what the silo has in memory is then no longer what is true.</summary>
    internal async Task<bool> IsClosedAsync() => !(await _store.ReadEpochsAsync(_abandoned.Token)).Any(e => e.Epoch == Epoch && e.Open);

    private async Task<T> TryUntilKnownAsync<T>(Func<Task<T>> write)
    {
        for (TimeSpan backOff = ClusterBounds.FirstBackOff; ; backOff = backOff * 2 < ClusterBounds.LongestBackOff ? backOff * 2 : ClusterBounds.LongestBackOff)
        {
            try
            {
                T result = await write();
                _trouble = null;
                return result;
            }
            catch (Exception e) when (!_abandoned.IsCancellationRequested)
            {
                _trouble = e;
                await Task.Delay(backOff, _time, _abandoned.Token);
            }
        }
    }
}
