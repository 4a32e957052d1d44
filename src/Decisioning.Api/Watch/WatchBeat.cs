using Microsoft.Extensions.Hosting;

namespace Decisioning.Api.Watch;

/// <summary>
/// The one beat of everything that is watched. It runs apart from every decision: a look that takes longer than the time between two swallows the next.
/// </summary>
internal sealed class WatchBeat(BrandChannels brands, ConsumerChannels consumers, WatcherList watchers, TimeProvider clock) : IHostedService, IDisposable
{
    private readonly FramePace _pace = new(clock);
    private ITimer? _timer;
    private int _looking;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = clock.CreateTimer(_ => Look(), null, WatchBounds.Look, WatchBounds.Look);
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
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }
}
