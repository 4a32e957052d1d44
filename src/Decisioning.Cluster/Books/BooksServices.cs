using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Expiry;
using Decisioning.Cluster.Money;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Turns;
using Decisioning.Cluster.Watch;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Decisioning.Engine.Books;
using Decisioning.Engine.Catalogues;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Decisioning.Cluster.Books;

/// <summary>What goes on beside a silo's turns: books, money, calendar, and what is shown of them.</summary>
internal static class BooksServices
{
    public static IServiceCollection AddBooks(this IServiceCollection services)
    {
        services.AddSingleton<ICatalogueSource>(static s => s.GetRequiredService<ClusterCatalogue>());
        services.AddSingleton<Func<int, IBrandGrain>>(static s => brand => s.GetRequiredService<IGrainFactory>().GetGrain<IBrandGrain>(brand));
        services.AddSingleton<SiloMarket>();
        services.AddGrainService<SiloTill>();
        services.AddSingleton<SiloServices<ISiloTill>>();
        services.AddSingleton(static s => new OutcomeLoans(
            () => s.GetRequiredService<SiloLog>().Epoch, s.GetRequiredService<Func<int, IBrandGrain>>(), s.GetRequiredService<SiloMarket>(),
            s.GetRequiredService<HostClock>()));
        services.AddSingleton(static s => new EpochKeeper(
            s.GetRequiredService<IClusterStore>(),
            silo => EpochKeeper.IsDead(s.GetRequiredService<IClusterMembershipService>().CurrentSnapshot, silo),
            s.GetRequiredService<HostClock>()));
        services.AddSingleton<IEpochs>(static s => s.GetRequiredService<EpochKeeper>());
        services.AddSingleton(static s => new SiloBooks(
            () => s.GetRequiredService<SiloLog>().Epoch, () => s.GetRequiredService<ClusterCatalogue>().Version, s.GetRequiredService<Func<int, IBrandGrain>>(),
            s.GetRequiredService<SiloMarket>(), s.GetRequiredService<ICatalogueSource>(), s.GetRequiredService<HostClock>()));
        services.AddSingleton(static s => new ExpiryCourier(
            shard => s.GetRequiredService<IGrainFactory>().GetGrain<IExpiryShardGrain>(shard), s.GetRequiredService<IEpochs>(),
            s.GetRequiredService<HostClock>()));
        services.AddSingleton<ITakenRows>(static s => new TakenRows(s.GetRequiredService<SiloBooks>(), s.GetRequiredService<ExpiryCourier>()));
        services.AddSingleton<ConsumerTouch>();
        return services.AddWatching();
    }

    private static IServiceCollection AddWatching(this IServiceCollection services)
    {
        services.AddSingleton<PassResults>();
        services.AddSingleton<SightBoard>();
        services.AddSingleton(static s => new PulseBoard(
            s.GetRequiredService<SightBoard>(), s.GetRequiredService<PassResults>(), s.GetRequiredService<ClusterCatalogue>().IsReclassifying,
            s.GetRequiredService<HostClock>()));
        services.AddSingleton<ClusterRecount>();
        services.AddSingleton<ClusterPass>();
        services.AddSingleton<ClusterUpkeep>();
        services.AddSingleton<IWatchHost, ClusterWatchHost>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, BooksStart>();
        return services;
    }
}
