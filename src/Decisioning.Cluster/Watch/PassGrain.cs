using Decisioning.Cluster.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Decisioning.Cluster.Watch;

/// <summary>Gives the pass over every consumer, and the store's upkeep, a place and a beat.</summary>
[KeepAlive]
internal sealed class PassGrain(ClusterPass pass, ClusterUpkeep upkeep, ILogger<PassGrain> logger) : Grain, IPassGrain
{
    /// <summary>A minute after it was woken: the silos have come up.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(RunAllAsync, new() { DueTime = First, Period = Every });
        return Task.CompletedTask;
    }

    public Task StartAsync() => Task.CompletedTask;

    public Task RunAsync() => pass.RunAsync(CancellationToken.None);

    private async Task RunAllAsync(CancellationToken cancellation)
    {
        await RunGuardedAsync(pass.RunAsync, "The hourly pass over every consumer", cancellation);
        await RunGuardedAsync(upkeep.RunAsync, "Taking out of the store what is past its time", cancellation);
    }

    private async Task RunGuardedAsync(Func<CancellationToken, Task> run, string what, CancellationToken cancellation)
    {
        try
        {
            await run(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogWarning(e, "{What} broke off; done again in an hour.", what);
        }
    }
}
