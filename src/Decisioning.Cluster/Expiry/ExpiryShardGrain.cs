using Decisioning.Cluster.Storage;
using Decisioning.Engine;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Decisioning.Cluster.Expiry;

/// <summary>Gives one share of the calendar a place and a beat. A reminder brings it back where nobody else does.</summary>
[KeepAlive]
internal sealed class ExpiryShardGrain : Grain, IExpiryShardGrain, IRemindable
{
    private const string Revive = "revive";
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReviveEvery = TimeSpan.FromMinutes(1);

    private readonly ExpiryShard _shard;
    private readonly ILogger _logger;

    public ExpiryShardGrain(IClusterStore store, ConsumerTouch touch, HostClock clock, ILogger<ExpiryShardGrain> logger)
    {
        _shard = new ExpiryShard((int)this.GetPrimaryKeyLong(), store, touch.TouchAsync, clock);
        _logger = logger;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(RunGuardedAsync, new() { DueTime = Every, Period = Every });
        await RemindAsync();
    }

    public Task StartAsync() => Task.CompletedTask;

    public Task EnteredAsync(ulong[]? keys)
    {
        _shard.Enter(keys);
        return Task.CompletedTask;
    }

    public Task RunAsync() => _shard.RunAsync(CancellationToken.None);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private Task<IGrainReminder> RemindAsync() => this.RegisterOrUpdateReminder(Revive, ReviveEvery, ReviveEvery);

    // What is due stays so: the next beat tries again.
    private async Task RunGuardedAsync(CancellationToken cancellation)
    {
        try
        {
            await _shard.RunAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _logger.LogWarning(e, "The calendar's share {Shard} could not be worked off; tried again at the next beat.", this.GetPrimaryKeyLong());
        }
    }
}
