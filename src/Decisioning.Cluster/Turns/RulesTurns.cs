using Decisioning.Engine;

namespace Decisioning.Cluster.Turns;

/// <summary>Gives consumers, wherever their grains are, the turn that brings them under changed rules.</summary>
internal sealed class RulesTurns(IGrainFactory grains, HostClock clock) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Asks until it is done.</summary>
    /// <param name="version">The catalogue's version that has the rules.</param>
    public async Task TakeAsync(ulong key, long version, CancellationToken cancellation)
    {
        IConsumerGrain grain = grains.GetGrain<IConsumerGrain>(unchecked((long)key));
        while (!await grain.ReclassifyAsync(version))
        {
            await Task.Delay(ClusterBounds.Soon, clock.Time, cancellation);
        }
    }

    /// <summary>Sees to it beside the caller that the turn is taken while this silo lives.</summary>
    public async void Begin(ulong key, long version)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await TakeAsync(key, version, _stopping.Token);
                return;
            }
            catch (Exception)
            {
                // Of whatever kind: the consumer's silo may be gone, or this one be ending.
                await Task.Delay(ClusterBounds.Soon, clock.Time, CancellationToken.None);
            }
        }
    }

    public void Dispose() => _stopping.Cancel();
}
