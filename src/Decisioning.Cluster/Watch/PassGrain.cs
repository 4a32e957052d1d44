using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Decisioning.Cluster.Watch;

/// <summary>Gives the pass over every consumer a place and a beat.</summary>
[KeepAlive]
internal sealed class PassGrain(ClusterPass pass, ILogger<PassGrain> logger) : Grain, IPassGrain
{
    /// <summary>A minute after it was woken: the silos have come up.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(RunGuardedAsync, new() { DueTime = First, Period = Every });
        return Task.CompletedTask;
    }

    public Task StartAsync() => Task.CompletedTask;

    public Task RunAsync() => pass.RunAsync(CancellationToken.None);

    private async Task RunGuardedAsync(CancellationToken cancellation)
    {
        try
        {
            await pass.RunAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogWarning(e, "The hourly pass over every consumer broke off; made again in an hour.");
        }
    }
}
