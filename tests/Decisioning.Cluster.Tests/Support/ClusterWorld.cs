using System.Text;
using Decisioning.Cluster.Books;
using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Desk;
using Decisioning.Cluster.Expiry;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Cluster.Turns;
using Decisioning.Cluster.Watch;
using Decisioning.Conformance;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Decisioning.Cluster.Tests.Support;

/// <summary>Silos in this process over one store in memory; the suite speaks to one of them.</summary>
internal sealed class ClusterWorld : HostUnderTest
{
    private static readonly GrainType Consumers = GrainType.Create("decisioning.consumer");

    private readonly InProcessTestCluster _cluster;
    private readonly SortedList<int, Func<IServiceProvider, Task>> _between = [];
    private RoamingHost? _roaming;

    private ClusterWorld(int silos, MemoryClusterStore? store)
    {
        Store = store ?? new MemoryClusterStore(Clock);
        InProcessTestClusterBuilder builder = new((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IClusterStore>(Store);
            silo.Services.AddSingleton(new HostClock(Clock));
            silo.Configure<ClusterMembershipOptions>(static o =>
            {
                o.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                o.NumMissedProbesLimit = 2;
                o.NumVotesForDeathDeclaration = 1;
            });
            silo.UseInMemoryReminderService();
            silo.AddDecisioningSilo(new DecisioningOptions());
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(s => new Between(s, _between));
        });
        builder.ConfigureClient(static client => client.AddDecisioningClient());
        _cluster = builder.Build();
    }

    public MemoryClusterStore Store { get; }

    public DecisioningClient Client => _cluster.Client.ServiceProvider.GetRequiredService<DecisioningClient>();

    public override IDecisionHost Host => _roaming ?? (IDecisionHost)HostOf(SpokenTo);

    public override IWatchHost Watch => ServiceOf<IWatchHost>(SpokenTo);

    public static Task<ClusterWorld> OpenAsync(int silos = 1) => OpenAsync(new ClusterWorld(silos, null));

    public static Task<ClusterWorld> OpenAsync(MemoryClusterStore store) => OpenAsync(new ClusterWorld(1, store));

    /// <param name="secret">What <see cref="EngineSecret.CreateBytes"/> made.</param>
    public static Task<ClusterWorld> OpenAsync(int silos, byte[] secret)
    {
        ClusterWorld world = new(silos, null);
        world.Store.OpenCatalogue().WriteSetting("cluster.secret", secret, []);
        return OpenAsync(world);
    }

    /// <summary>The host of the n-th silo that lives.</summary>
    public ClusterHost HostOf(int silo) => ServiceOf<ClusterHost>(silo);

    /// <summary>The service of every silo that lives.</summary>
    public IEnumerable<T> Everywhere<T>()
        where T : notnull => Enumerable.Range(0, _cluster.Silos.Count).Select(ServiceOf<T>);

    public T ServiceOf<T>(int silo)
        where T : notnull => _cluster.GetSiloServiceProvider(_cluster.Silos[silo].SiloAddress).GetRequiredService<T>();

    /// <summary>The suite speaks to another silo with each call from here on.</summary>
    public ClusterWorld Roam()
    {
        _roaming = new RoamingHost(this, _cluster.Silos.Count);
        return this;
    }

    /// <summary>The silo that the suite speaks to.</summary>
    public int SpokenTo { get; private set; }

    /// <summary>The suite speaks to this silo from here on.</summary>
    public void SpeakTo(int silo) => SpokenTo = silo;

    public IConsumerGrain GrainOf(ulong key) => ServiceOf<IGrainFactory>(SpokenTo).GetGrain<IConsumerGrain>(unchecked((long)key));

    /// <summary>The key of a consumer's id.</summary>
    public ulong KeyOf(string consumer = Consumer) =>
        KeySpace.First(new KeyedConsumerHash(ServiceOf<ClusterSecret>(0).Current).Of(Encoding.UTF8.GetBytes(consumer)));

    /// <summary>One more silo joins.</summary>
    /// <param name="between">What is done while it starts, by the stage of its start that this comes after.</param>
    public async Task JoinAsync(params (int Stage, Func<IServiceProvider, Task> Do)[] between)
    {
        foreach ((int stage, Func<IServiceProvider, Task> work) in between)
        {
            _between.Add(stage + 1, work);
        }

        await _cluster.StartAdditionalSiloAsync();
        _between.Clear();
    }

    public Task KillAsync(int silo) => _cluster.KillSiloAsync(_cluster.Silos[silo]);

    public Task StopAsync(int silo) => _cluster.StopSiloAsync(_cluster.Silos[silo]);

    /// <summary>The silo that has the consumer in memory; −1: none.</summary>
    public Task<int> SiloOfAsync(ulong key) => SiloOfAsync(GrainOf(key));

    /// <summary>The silo that has the grain in memory; −1: none.</summary>
    public async Task<int> SiloOfAsync(IGrain grain)
    {
        SiloAddress? address = await Management.GetActivationAddress(grain);
        return _cluster.Silos.ToList().FindIndex(s => s.SiloAddress.Equals(address));
    }

    /// <summary>Takes one consumer out of memory.</summary>
    public Task EvictAsync(ulong key) => _cluster.DeactivateAsync(GrainOf(key));

    public override ValueTask<EventResult[]> ImportAsync(params EventCommand[] events) =>
        HostOf(SpokenTo).ImportAsync(events, Host.Catalogue, Cancelled);

    public override Task PublishDueAsync() => ServiceOf<ExpiryCourier>(SpokenTo).RunAllAsync();

    public override async Task EvictAsync()
    {
        foreach (GrainId id in await Management.GetActiveGrains(Consumers))
        {
            await _cluster.DeactivateAsync(id);
        }

        Assert.Empty(await Management.GetActiveGrains(Consumers));
    }

    public override async Task BookAsync()
    {
        while (Everywhere<SiloBooks>().Any(static b => b.Behind > 0))
        {
            await Task.WhenAll(Everywhere<SiloBooks>().Select(static b => b.ReportAllAsync(settle: false)));
        }

        // Whose silos had nothing to report may not be active.
        await LookAsync();
        await InBrandAsync(static brand => brand.FollowAsync());

        // What is on its way may have left before; what is asked for next is what is now.
        await LookAsync();
        await LookAsync();

        Task LookAsync() => Task.WhenAll(Everywhere<SightBoard>().Select(b => b.RefreshAsync(BrandSymbol)));
    }

    // Of a silo that has died since.
    protected override async Task AppendLateAsync(ulong key, Turn turn)
    {
        SiloAddress dead = SiloAddress.New(_cluster.Silos[0].SiloAddress.Endpoint, 1);
        long epoch = await Store.BeginEpochAsync(dead.ToParsableString(), turn.Now, Cancelled);
        ByteWriter payloads = new();
        payloads.Bytes(turn.Payload);
        TurnRow row = new(key, turn.State.Sequence, turn.State.Sequence, epoch, 1, TurnKind.Turn, turn.Now, null, payloads.Written.ToArray());
        Assert.Empty(await Store.AppendAsync([row], Cancelled));
        await Task.WhenAll(Everywhere<EpochKeeper>().Select(static k => k.RunAsync(Cancelled)));
        await InBrandAsync(static brand => brand.FollowAsync());
    }

    public override Task StoreBooksAsync() => InBrandAsync(static brand => brand.WriteAsync());

    // As its timers do it.
    private async Task InBrandAsync(Func<BrandGrain, Task> work)
    {
        Assert.True(_cluster.TryGetGrainContext(ServiceOf<IGrainFactory>(0).GetGrain<IBrandGrain>(BrandSymbol).GetGrainId(), out IGrainContext? context));
        TaskCompletionSource<Task> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Scheduler.QueueAction(() => begun.SetResult(work((BrandGrain)context.GrainInstance!)));
        await await begun.Task;
    }

    public override ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static async Task<ClusterWorld> OpenAsync(ClusterWorld world)
    {
        try
        {
            await world._cluster.DeployAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    private int BrandSymbol => Host.Catalogue.Find(Brand)!.Symbol;

    private IManagementGrain Management => ServiceOf<IGrainFactory>(SpokenTo).GetGrain<IManagementGrain>(0);

    private sealed class Between(IServiceProvider silo, SortedList<int, Func<IServiceProvider, Task>> work) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle)
        {
            foreach ((int stage, Func<IServiceProvider, Task> todo) in work)
            {
                lifecycle.Subscribe(nameof(Between), stage, _ => todo(silo));
            }
        }
    }
}
