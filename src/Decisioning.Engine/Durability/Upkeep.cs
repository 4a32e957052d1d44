using System.Threading.Channels;
using Decisioning.Engine.Background;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Durability;

/// <summary>
/// What goes on beside the turns: states are written back, idle ones leave memory, what is past its time leaves the disk. Runs at every beat, and at once when
/// roused; after a failure, which <see cref="Trouble"/> tells, ten seconds later at most.
/// </summary>
internal sealed class Upkeep : IAsyncDisposable
{
    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    private readonly ResidentTable _residents;
    private readonly IStateStore _store;
    private readonly ITurnLog _log;
    private readonly WriteBack _writeBack;
    private readonly StateExpiry _expiry;
    private readonly HostClock _clock;
    private readonly EngineOptions _options;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _running = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _beat;
    private readonly Task _loop;
    private volatile Exception? _trouble;
    private int _roused;
    private long _sweptAt;
    private long _trimDue;
    private long _marksDue;

    public Upkeep(ResidentTable residents, IStateStore store, ITurnLog log, WriteBack writeBack, HostClock clock, EngineOptions options)
    {
        _residents = residents;
        _store = store;
        _log = log;
        _writeBack = writeBack;
        _expiry = new StateExpiry(residents, store, writeBack);
        _clock = clock;
        _options = options;
        _sweptAt = clock.Now;
        _trimDue = _sweptAt + HourMs;
        _marksDue = _sweptAt + DayMs;
        _beat = clock.Time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, options.WriteBackEvery, options.WriteBackEvery);
        _loop = BackgroundThreads.Shared.RunAsync(LoopAsync);
    }

    /// <summary>Why the last run failed; null where it did not.</summary>
    public Exception? Trouble => _trouble;

    /// <summary>Asks for a run now. Cheap, and never blocks.</summary>
    public void Rouse()
    {
        if (_trouble is null && Volatile.Read(ref _roused) == 0 && Interlocked.Exchange(ref _roused, 1) == 0)
        {
            _wake.Writer.TryWrite(true);
            _writeBack.Hurry();
        }
    }

    /// <summary>Asks for a run before its time where much has changed since the last. Cheap, and never blocks.</summary>
    public void WakeIfDue()
    {
        if (_trouble is null && _running.CurrentCount > 0 && (_writeBack.TurnsSince >= _options.WriteBackTurns || _residents.Gauge.Dirty >= _options.MaxDirtyConsumers / 4))
        {
            _wake.Writer.TryWrite(true);
        }
    }

    /// <summary>Runs once, now.</summary>
    public Task RunAsync(CancellationToken cancellation) => RunAsync(WriteBackPass.AtOnce, cancellation);

    private async Task RunAsync(WriteBackPass pass, CancellationToken cancellation)
    {
        await _running.WaitAsync(cancellation);
        try
        {
            if (pass == WriteBackPass.InItsTime)
            {
                _writeBack.Calm();
            }

            Volatile.Write(ref _roused, 0);
            await _writeBack.PassAsync(pass, cancellation);
            _residents.Relieve();
            SweepIdle();
            await ExpireAsync(cancellation);
            _trouble = null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _trouble = e;
            throw;
        }
        finally
        {
            _running.Release();
        }
    }

    /// <summary>Stops, also where a run waits for a journal that cannot be written: what it did not write is still dirty.</summary>
    public async ValueTask DisposeAsync()
    {
        await _beat.DisposeAsync();
        _writeBack.Hurry();
        _wake.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        _running.Dispose();
        _stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        await foreach (bool _ in _wake.Reader.ReadAllAsync())
        {
            try
            {
                await RunAsync(Volatile.Read(ref _roused) == 0 ? WriteBackPass.InItsTime : WriteBackPass.AtOnce, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Told by the host's health.
                _trouble = e;
                _beat.Change(_options.WriteBackEvery < LongestRetry ? _options.WriteBackEvery : LongestRetry, _options.WriteBackEvery);
            }
        }
    }

    // The hand goes round once in IdleAfter: who was not touched between two of its visits leaves.
    private void SweepIdle()
    {
        long now = _clock.Now;
        double perShard = _options.IdleAfter.TotalMilliseconds / _options.Shards;
        long due = (long)((now - _sweptAt) / perShard);
        _residents.Sweep((int)Math.Min(due, 2L * _options.Shards));
        _sweptAt += (long)(due * perShard);
    }

    private async Task ExpireAsync(CancellationToken cancellation)
    {
        long now = _clock.Now;
        if (_options.MaxConsumers is { } most)
        {
            await _expiry.KeepNewestAsync(most);
        }

        if (now >= _trimDue && _writeBack.Books is { } books)
        {
            await _log.TrimAsync(now - (long)_options.KeepJournal.TotalMilliseconds, Math.Min(_store.Checkpoint, books.HoldsPosition), cancellation);
            _store.DropTombstones(now);
            ForgetTombstones(now);
            _trimDue = now + HourMs;
        }

        if (now >= _marksDue)
        {
            await _expiry.DropMarksAsync(now - (long)_options.KeepTombstones.TotalMilliseconds);
            _marksDue = now + DayMs;
        }
    }

    private void ForgetTombstones(long now)
    {
        foreach (ResidentShard shard in _residents.Shards)
        {
            lock (shard.Gate)
            {
                shard.Erasures?.Forget(now);
            }
        }
    }
}
