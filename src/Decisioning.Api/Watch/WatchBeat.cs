using Microsoft.Extensions.Hosting;

namespace Decisioning.Api.Watch;

/// <summary>
/// The one beat of everything that is watched. It runs apart from every decision: a look that takes longer than the time between two swallows the next. While nobody
/// watches it rests.
/// </summary>
internal sealed class WatchBeat(BrandChannels brands, ConsumerChannels consumers, WatcherList watchers, TimeProvider clock) : IHostedService, IDisposable
{
    private readonly FramePace _pace = new(clock);
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private bool _rests = true;
    private int _looking;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        watchers.Came = Wake;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        if (Interlocked.Exchange(ref _looking, 1) != 0)
        {
            return;
        }

        try
        {
            brands.Look();
            if (_pace.IsDue)
            {
                _pace.Sent();
                consumers.Beat();
                watchers.Beat();
            }

            RestUnwatched();
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    private void Wake()
    {
        lock (_lock)
        {
            if (_rests)
            {
                _rests = false;
                _timer?.Change(WatchBounds.Look, WatchBounds.Look);
            }
        }
    }

    // Who comes is in the list before it wakes the beat: it is seen here, or wakes it after this.
    private void RestUnwatched()
    {
        lock (_lock)
        {
            if (watchers.Count == 0 && brands.IsEmpty && consumers.IsEmpty)
            {
                _rests = true;
                _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
