using Microsoft.Extensions.Hosting;

namespace Decisioning.Api.Watch;

/// <summary>
/// The one beat of everything that is watched. It runs apart from every decision: a beat that takes longer than the time between two swallows the next.
/// </summary>
internal sealed class WatchBeat(BrandChannels brands, ConsumerChannels consumers, WatcherList watchers, TimeProvider clock) : IHostedService, IDisposable
{
    private ITimer? _timer;
    private int _beating;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = clock.CreateTimer(_ => Beat(), null, WatchBounds.Beat, WatchBounds.Beat);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Beat()
    {
        if (Interlocked.Exchange(ref _beating, 1) != 0)
        {
            return;
        }

        try
        {
            brands.Beat();
            consumers.Beat();
            watchers.Beat();
        }
        finally
        {
            Volatile.Write(ref _beating, 0);
        }
    }
}
