using System.Globalization;
using Decisioning.Cluster.Books;
using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Homes;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Telemetry;
using Decisioning.Cluster.Turns;
using Decisioning.Cluster.Watch;
using Decisioning.Engine;
using Decisioning.Engine.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Decisioning.Cluster;

/// <summary>
/// Brings a silo's parts up before it takes a grain, and down after its last grain has left: checks that it may join, opens its epoch, loads the catalogue; at
/// the end writes what waits, and closes the epoch.
/// </summary>
internal sealed partial class SiloStart(
    IClusterStore store, ClusterSecret secret, ClusterCatalogue catalogue, SiloLog log, SnapshotWriter snapshots, IGrainFactory grains, ILocalSiloDetails silo,
    HostClock clock, DecisioningOptions options, ClusterMeters meters, SiloBooks books, ConsumerServices consumers, EpochKeeper epochs,
    SightBoard sights, RulesPass rules, HomeNews homes, IHostApplicationLifetime application,
    ILogger<SiloStart> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private bool _ends;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloStart), ServiceLifecycleStage.RuntimeStorageServices, StartAsync, StopAsync);

        // By now it stands in the membership: a change that did not wait for it is found.
        lifecycle.Subscribe(nameof(SiloStart), ServiceLifecycleStage.ApplicationServices, catalogue.LookAsync);
    }

    /// <exception cref="StorageException">The store cannot be reached, or is of another version.</exception>
    /// <exception cref="InvalidOperationException">The silo's clock is off.</exception>
    private async Task StartAsync(CancellationToken cancellation)
    {
        options.Check();
        await store.OpenAsync(WireContract.Version, cancellation);
        await CheckClockAsync(cancellation);
        await Task.Run(() => secret.Open(store, options.Industries), cancellation);
        catalogue.RulesPending = () => grains.GetGrain<ICatalogueGrain>(0).WorkOffRulesAsync().Ignore();
        await catalogue.StartAsync(cancellation);
        log.Fenced = End;
        await log.StartAsync(silo.SiloAddress.ToParsableString(), clock.Now, cancellation);
        meters.Watch(log, books, consumers, new Dictionary<string, Func<Exception?>>
        {
            ["books"] = () => books.Trouble,
            ["catalogue"] = () => catalogue.Trouble,
            ["epochs"] = () => epochs.Trouble,
            ["homes"] = () => homes.Trouble,
            ["pulses"] = () => sights.Trouble,
            ["rules"] = () => rules.Trouble,
        });
        catalogue.IsHeld = IsHeld;
        LogEpoch(log.Epoch);
    }

    // Asked on the catalogue's own thread.
    private bool IsHeld(CancellationToken cancellation)
    {
        if (!log.IsClosedAsync().WaitAsync(cancellation).GetAwaiter().GetResult())
        {
            return true;
        }

        End();
        return false;
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        await catalogue.DisposeAsync();
        using CancellationTokenSource farewell = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        farewell.CancelAfter(options.LongestFarewell);
        try
        {
            await log.StopAsync(farewell.Token);
            await snapshots.FlushAsync(farewell.Token);
        }
        catch (Exception e) when (e is StorageException or OperationCanceledException)
        {
            LogUnwritten(e);
        }
    }

    // Halfway between asking and hearing, the store's clock is compared with this one's.
    private async Task CheckClockAsync(CancellationToken cancellation)
    {
        long before = clock.Now, theirs = await store.ReadClockAsync(cancellation), after = clock.Now;
        long off = (before + after) / 2 - theirs;
        if (Math.Abs(off) > ClusterBounds.ClockSkew.TotalMilliseconds + (after - before) / 2)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"This machine's clock is {off} ms from the store's, more than {ClusterBounds.ClockSkew.TotalMilliseconds:0} ms. "
                + $"Synchronize both (NTP), then start again."));
        }
    }

    private void End()
    {
        if (!Interlocked.Exchange(ref _ends, true))
        {
            LogFenced(log.Epoch);
            application.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo takes turns in epoch {Epoch}.")]
    private partial void LogEpoch(long epoch);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "Epoch {Epoch} was closed by others, who took this silo for dead: it ends. What it had not written is lost.")]
    private partial void LogFenced(long epoch);

    [LoggerMessage(Level = LogLevel.Error, Message = "Not everything could be written before the silo ended.")]
    private partial void LogUnwritten(Exception reason);
}
