using Decisioning.Cluster.Books;
using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Homes;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Telemetry;
using Decisioning.Cluster.Turns;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;

namespace Decisioning.Cluster;

/// <summary>Puts the engine into a silo.</summary>
public static class DecisioningSilo
{
    /// <summary>
    /// Makes the silo one of the engine's; <see cref="IDecisionHost"/> is then to be had from its services. The store is the caller's: an
    /// <see cref="IClusterStore"/> among the services, shared by all silos.
    /// </summary>
    public static ISiloBuilder AddDecisioningSilo(this ISiloBuilder silo, DecisioningOptions options)
    {
        options.Check();
        silo.Services.AddDecisioning(options);

        silo.Configure<GrainDirectoryOptions>(static directory => directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.Custom);
        return silo.Configure<GrainCollectionOptions>(collection =>
            collection.ClassSpecificCollectionAge[typeof(ConsumerGrain).FullName!] = options.IdleAfter);
    }

    private static void AddDecisioning(this IServiceCollection services, DecisioningOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.TryAddSingleton<ClusterMeters>();
        services.TryAddSingleton(static s => new HostClock(s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ClusterSecret>();
        services.AddSingleton(static s => new ClusterCatalogue(
            s.GetRequiredService<IClusterStore>(), s.GetRequiredService<ClusterSecret>(), s.GetRequiredService<HostClock>().Time));
        services.AddSpread();
        services.AddHomes(options);
        services.AddBooks();
        services.AddSingleton<SnapshotWriter>();
        services.AddSingleton<ConsumerLoader>();
        services.AddSingleton(static s => new SiloLog(
            s.GetRequiredService<IClusterStore>(), s.GetRequiredService<ITakenRows>(), s.GetRequiredService<SnapshotWriter>(),
            s.GetRequiredService<HostClock>().Time));
        services.AddSingleton<NearConsumers>();
        services.AddSingleton<ConsumerServices>();
        services.AddSingleton<RulesTurns>();
        services.AddSingleton<RulesPass>();
        services.AddSingleton(static s => new ClusterHost(
            s.GetRequiredService<ConsumerServices>(), s.GetRequiredService<IClusterStore>(), s.GetRequiredService<ClusterSecret>(),
            s.GetRequiredService<IGrainFactory>(), s.GetRequiredService<CatalogueSpread>()));
        services.AddSingleton<IDecisionHost>(static s => s.GetRequiredService<ClusterHost>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloStart>();
    }

    private static void AddHomes(this IServiceCollection services, DecisioningOptions options)
    {
        services.AddGrainService<HomeEar>();
        services.AddSingleton<SiloServices<IHomeEar>>();
        services.AddSingleton(static _ => new HomeTable());
        services.AddSingleton<IGrainDirectoryCache>(s =>
        {
            // Where a grain is stays known for as long as it stays there uncalled.
            GrainDirectoryOptions usual = new() { MaximumCacheTTL = options.IdleAfter };
            IClusterMembershipService membership = s.GetRequiredService<IClusterMembershipService>();
            return new HomeCache(
                GrainDirectoryCacheFactory.CreateGrainDirectoryCache(s, usual), s.GetRequiredService<HomeTable>(),
                silo => membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active);
        });
        services.AddSingleton(static s =>
        {
            IClusterMembershipService membership = s.GetRequiredService<IClusterMembershipService>();
            SiloAddress here = s.GetRequiredService<ILocalSiloDetails>().SiloAddress;
            SiloServices<IHomeEar> ears = s.GetRequiredService<SiloServices<IHomeEar>>();
            return new HomeNews(
                () => s.GetRequiredService<NearConsumers>().Keys,
                () => membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active && !m.SiloAddress.Equals(here)).Select(static m => m.SiloAddress),
                (silo, report) => ears.Of(silo).HearAsync(here, report.Came, report.Left), s.GetRequiredService<HostClock>());
        });
    }

    private static void AddSpread(this IServiceCollection services)
    {
        services.AddGrainService<CatalogueEar>();
        services.AddSingleton<SiloServices<ICatalogueEar>>();
        services.AddSingleton(static s =>
        {
            IClusterMembershipService membership = s.GetRequiredService<IClusterMembershipService>();
            SiloAddress here = s.GetRequiredService<ILocalSiloDetails>().SiloAddress;
            SiloServices<ICatalogueEar> ears = s.GetRequiredService<SiloServices<ICatalogueEar>>();
            return new CatalogueSpread(
                async cancellation =>
                {
                    await membership.Refresh(default, cancellation);
                    return [.. membership.CurrentSnapshot.Members.Values.Where(m => m.Status != SiloStatus.Dead && !m.SiloAddress.Equals(here)).Select(static m => m.SiloAddress)];
                },
                (silo, version) => ears.Of(silo).ReachAsync(version), s.GetRequiredService<SiloBooks>().FundAsync, s.GetRequiredService<HostClock>().Time);
        });
    }
}
