using System.Threading.Channels;

namespace Decisioning.Engine.Background;

/// <summary>
/// Work that goes on beside the turns: run at every beat and at once when roused, one run at a time. After a failure, which <see cref="Trouble"/> tells, it runs again at the next beat.
/// </summary>
internal sealed class Beat : IAsyncDisposable
{
    private readonly Func<Pace, CancellationToken, Task> _run;
    private readonly TimeProvider _time;
    private readonly double _share;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _running = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly Task _loop;
    private volatile Exception? _trouble;

    /// <param name="time">Whose timers beat.</param>
    /// <param name="first">Until the first beat.</param>
    /// <param name="every">From one beat to the next.</param>
    /// <param name="share">Share of one processor that a run may take: above 0, 1: all of it.</param>
    /// <param name="run">Rests where the pace says so.</param>
    public Beat(TimeProvider time, TimeSpan first, TimeSpan every, double share, Func<Pace, CancellationToken, Task> run)
    {
        _run = run;
        _time = time;
        _share = share;
        _timer = time.CreateTimer(_ => Rouse(), null, first, every);
        _loop = BackgroundThreads.Shared.RunAsync(LoopAsync);
    }

    /// <summary>Why the last run failed; null where it did not.</summary>
    public Exception? Trouble => _trouble;

    /// <summary>Asks for a run now. Cheap, and never blocks.</summary>
    public void Rouse() => _wake.Writer.TryWrite(true);

    /// <summary>Runs once, now, without rests.</summary>
    public Task RunAsync(CancellationToken cancellation) => RunAsync(1, cancellation);

    /// <summary>Stops, also in the middle of a run.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _wake.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        _running.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(double share, CancellationToken cancellation)
    {
        await _running.WaitAsync(cancellation);
        try
        {
            await _run(new Pace(_time, share), cancellation);
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

    private async Task LoopAsync()
    {
        await foreach (bool _ in _wake.Reader.ReadAllAsync())
        {
            try
            {
                await RunAsync(_share, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Told by the host's health; the beat comes again.
                _trouble = e;
            }
        }
    }
}
