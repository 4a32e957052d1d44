using Decisioning.Engine.Books;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Durability;

/// <summary>
/// Writes changed states back to the store, behind the journal, and moves the checkpoint.
/// <para>
/// A pass notes the journal's durable position first, then visits every shard and writes whatever is dirty there, in the order of the store. A record at or
/// before that position was appended by a turn that had its shard's gate, and marked its state dirty before letting go of it; so the visit finds the state dirty, or it
/// has been written since. Having written all, the pass may therefore make the noted position the checkpoint: every record up to it is contained. States are
/// copied as they are at the visit, maybe with younger records in them, and are written only once those are durable as well: no row is ever ahead of the journal.
/// </para>
/// <para>
/// Spending and brands' totals are stored with the checkpoint, in the same transaction, as of a position of their own at or past it (<see cref="Bookkeeper"/>).
/// Held money has one too, older than the checkpoint by up to a minute. Recovery reads the journal from the oldest of them and tells each only what lies past its
/// own position. A state's entry in the calendar is written with the state.
/// </para>
/// </summary>
internal sealed class WriteBack(ResidentTable residents, IStateStore store, ITurnLog log, HostClock clock) : IDisposable
{
    /// <summary>A pass in its own time rests this many times as long as it works, so that turns keep the processor.</summary>
    private const int RestPart = 2;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly StateBatch _batch = new();
    private readonly List<ulong> _keys = [];
    private int _hurried;
    private long _begunAt;
    private volatile TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The books that go with checkpoints; null until recovery has made them, and no checkpoint is moved before.</summary>
    public Bookkeeper? Books { get; set; }

    /// <summary>Turns that the books have taken in since the last pass began, or at all: what recovery would read again at least.</summary>
    public long TurnsSince => (Books?.Turns ?? 0) - Volatile.Read(ref _begunAt);

    /// <summary>Writes everything that is dirty.</summary>
    /// <exception cref="StorageException">The disk refused: what is not written is still dirty, the checkpoint is where it was.</exception>
    public async Task PassAsync(WriteBackPass pass, CancellationToken cancellation)
    {
        await EnterAsync(hurried: pass != WriteBackPass.InItsTime, cancellation);
        try
        {
            await RunAsync(pass == WriteBackPass.Final, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes the store's rows with no pass under way, and makes a pass.</summary>
    public async Task ChangeRowsAsync(Action change)
    {
        await EnterAsync(hurried: true, CancellationToken.None);
        try
        {
            change();
            await RunAsync(final: false, CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes rows of the store that no state belongs to, with no pass under way.</summary>
    public async Task BetweenPassesAsync(Action change, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            change();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>No pass takes rests from now on, until <see cref="Calm"/>.</summary>
    public void Hurry() => _hurry.TrySetResult();

    /// <summary>Passes in their own time may take rests again, unless somebody waits for one.</summary>
    public void Calm()
    {
        _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Volatile.Read(ref _hurried) > 0)
        {
            Hurry();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task EnterAsync(bool hurried, CancellationToken cancellation)
    {
        if (!hurried)
        {
            await _gate.WaitAsync(cancellation);
            return;
        }

        Interlocked.Increment(ref _hurried);
        Hurry();
        try
        {
            await _gate.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _hurried);
        }
    }

    private async Task RunAsync(bool final, CancellationToken cancellation)
    {
        long durable = log.DurablePosition;
        Volatile.Write(ref _begunAt, Books?.Turns ?? 0);
        bool complete = true;
        _batch.Clear();
        int shards = residents.Shards.Length;
        for (int i = 0; i < shards; i++)
        {
            // The store's order is that of signed keys: the upper half of the shards comes first.
            ResidentShard shard = residents.Shards[(i + shards / 2) & (shards - 1)];
            complete &= CollectKeys(shard);
            foreach (ulong key in _keys)
            {
                while (_batch.IsFull || !TryCopy(shard, key))
                {
                    long start = clock.Time.GetTimestamp();
                    await FlushAsync(null, null, cancellation);
                    await RestAsync(RestPart * clock.Time.GetElapsedTime(start), cancellation);
                }
            }
        }

        if (Books is null || !complete)
        {
            await FlushAsync(null, null, cancellation);
        }
        else if (final || durable > store.Checkpoint || _batch.LastPosition > 0 || Books.AnyChanged)
        {
            long now = clock.Now;
            Books.SettleTo(durable);
            Books.StoreHolds(now, final);
            BooksChanges changes = Books.Changed(now);
            await FlushAsync(changes, durable, cancellation);
            Books.MarkStored(changes);
        }
    }

    private Task RestAsync(TimeSpan rest, CancellationToken cancellation) =>
        _hurry.Task.IsCompleted ? Task.CompletedTask : Task.WhenAny(_hurry.Task, Task.Delay(rest, clock.Time, cancellation));

    /// <returns>False where an erasure is yet to reach the disk: its record must stay ahead of the checkpoint.</returns>
    private bool CollectKeys(ResidentShard shard)
    {
        _keys.Clear();
        bool erasing;
        lock (shard.Gate)
        {
            shard.CollectDirty(_keys);
            erasing = shard.Erasures is { AnyStarted: true };
        }

        _keys.Sort(static (a, b) => ((long)a).CompareTo((long)b));
        return !erasing;
    }

    /// <returns>False where the batch has no room for it.</returns>
    private bool TryCopy(ResidentShard shard, ulong key)
    {
        lock (shard.Gate)
        {
            // The row of an erasure under way will be removed, whatever is in it: what came after waits.
            int slot = shard.Find(key);
            return slot < 0 || !shard.IsDirty(slot) || shard.Erasures?.StartedOf(key) is not null || _batch.TryAdd(key, shard.StateAt(slot), shard.MoveOf(key, slot));
        }
    }

    private async Task FlushAsync(BooksChanges? books, long? checkpoint, CancellationToken cancellation)
    {
        if (_batch.LastPosition == 0 && checkpoint is null)
        {
            return;
        }

        await log.WhenDurableAsync(_batch.LastPosition, cancellation);
        _batch.WriteTo(store, books, checkpoint);
        _batch.MarkWritten(residents);
        _batch.Clear();
    }
}

/// <summary>How a pass of <see cref="WriteBack"/> goes about it.</summary>
internal enum WriteBackPass
{
    /// <summary>With rests, unless somebody hurries it.</summary>
    InItsTime,

    AtOnce,

    /// <summary>Everything that can be stored is, so that the next start has nothing to read again.</summary>
    Final,
}
