using System.Text;
using Decisioning.Api;
using Decisioning.Api.Tokens;
using Decisioning.Cluster;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Storage.Sql;
using Decisioning.Cluster.Telemetry;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Sandbox;
using Decisioning.Engine.Storage;
using Decisioning.Server;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Decisioning.Silo;

/// <summary>Opens one silo of the cluster host for the server: alone over a file, or as a member of a cluster.</summary>
internal static class SiloHosting
{
    private const string StoreFile = "cluster.db";
    private const string ClusterName = "decisioning";
    private const string TokensName = "cluster.tokens";

    public static HostProgram Program { get; } = ProgramOver("Decisioning.Silo", PostgresPlace.Kind);

    /// <param name="name">As its usage calls it.</param>
    /// <param name="places">What its silos can share.</param>
    public static HostProgram ProgramOver(string name, params IReadOnlyList<PlaceKind> places) => new()
    {
        Name = name,
        FolderName = "decisioning-silo",
        Options = SiloOptions.Over(places),
        Prepare = (settings, faults) =>
        {
            SiloOptions options = SiloOptions.Read(settings, places, faults);
            return (request, cancellation) => OpenAsync(options, request, cancellation);
        },
    };

    /// <exception cref="StartException">It cannot be opened, or does not join.</exception>
    public static async ValueTask<OpenedHost> OpenAsync(SiloOptions options, HostRequest request, CancellationToken cancellation)
    {
        SiloLifetime lifetime = new();
        try
        {
            SiloPorts ports = SiloPorts.Choose(options);
            ClusterMeters meters = new();
            lifetime.Own(meters);
            SharedPlace place = options.Join?.Invoke() ?? OwnPlace(request, ports, lifetime);
            IClusterStore store = new MeteredStore(place.Store, meters);
            lifetime.Own(store);
            // Before Orleans looks for its tables, which are made with the others.
            await store.OpenAsync(WireContract.Version, cancellation);
            IHost silo = Build(silo => Configure(silo, options, ports, place, request.Traced), store, meters, request.Clock);
            lifetime.Own(silo);
            await silo.StartAsync(cancellation);
            ClusterHost host = silo.Services.GetRequiredService<ClusterHost>();
            SandboxHost sandbox = await host.OpenSandboxAsync(new SandboxOptions(), cancellation);
            lifetime.Own(sandbox);
            return new OpenedHost(host, new SiloSandbox(sandbox), host.SeedDemoAsync, lifetime)
            {
                Watch = silo.Services.GetService<IWatchHost>(),
                Tokens = await Task.Run(() => OpenTokens(store), cancellation),
                DataPlace = options.Join is null ? null : $"the cluster's store; this silo listens on {options.Advertise}:{ports.Silo}, for clients on {ports.Gateway}",
                Ended = silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping,
            };
        }
        catch (Exception fault)
        {
            await lifetime.DisposeAsync();
            throw StartFault.Of(fault);
        }
    }

    private static SharedPlace OwnPlace(HostRequest request, SiloPorts ports, SiloLifetime lifetime)
    {
        // Two processes over one file would be two clusters that know nothing of one another.
        lifetime.Own(DataFolderLock.Acquire(request.DataFolder));
        return new SharedPlace(new SqliteClusterStore(Path.Combine(request.DataFolder, StoreFile)), silo =>
        {
            silo.UseLocalhostClustering(ports.Silo, ports.Gateway, serviceId: ClusterName, clusterId: ClusterName);
            silo.UseInMemoryReminderService();
        });
    }

    private static TokenRing OpenTokens(IClusterStore store) => TokenKeyFile.Read(
        Encoding.ASCII.GetString(SharedSetting.Keep(store, TokensName, static () => Encoding.ASCII.GetBytes(TokenKeyFile.NewText()))),
        $"The setting {TokensName} of the store");

    private static IHost Build(Action<ISiloBuilder> configure, IClusterStore store, ClusterMeters meters, TimeProvider clock)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning)
            // What keeps it from starting is told by the program, in one sentence; what a watchdog thinks of the machine's uptime, by nobody.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Orleans", LogLevel.Error)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.None);
        // Signals are the server's.
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddSingleton<IFatalErrorHandler>(new FatalEnd(Console.Error));
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(_ => meters);
        builder.UseOrleans(configure);
        return builder.Build();
    }

    private static void Configure(ISiloBuilder silo, SiloOptions options, SiloPorts ports, SharedPlace place, bool traced)
    {
        place.Configure(silo);
        if (options.Join is not null)
        {
            silo.ConfigureEndpoints(options.Advertise, ports.Silo, ports.Gateway);
        }

        silo.Configure<ClusterOptions>(static o => (o.ClusterId, o.ServiceId) = (ClusterName, ClusterName));
        silo.Configure<ClusterMembershipOptions>(Failover.Tune);
        silo.Configure<SiloMessagingOptions>(static o => o.ResponseTimeout = Failover.LongestCall);
        if (traced)
        {
            // Its filters stand in every grain call's way.
            silo.AddActivityPropagation();
        }

        silo.AddDecisioningSilo(new DecisioningOptions());
    }

    private sealed class SiloSandbox(SandboxHost sandbox) : ISandbox
    {
        public IDecisionHost Host => sandbox.Host;

        public ValueTask<long> AdvanceAsync(TimeSpan by, CancellationToken cancellation) => sandbox.AdvanceAsync(by, cancellation);
    }
}
