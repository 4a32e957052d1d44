using Decisioning.Cluster.Books;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Watch;
using Decisioning.Conformance;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Hosting;

namespace Decisioning.Cluster.Tests.Watch;

/// <summary>Looks at what silos show.</summary>
internal static class Watching
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static IWatchHost WatchOf(this ClusterWorld world, int silo) => world.ServiceOf<IWatchHost>(silo);

    /// <summary>The silo's pulse, asked of the brand's grain again and again until it is what is wanted.</summary>
    public static async Task<BrandPulse> PulseAsync(this ClusterWorld world, int silo, Func<BrandPulse, bool> wanted)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        int brand = world.Host.Catalogue.Find(HostUnderTest.Brand)!.Symbol;
        while (true)
        {
            BrandPulse? pulse = world.WatchOf(silo).ReadPulse(HostUnderTest.Brand);
            if (pulse is not null && wanted(pulse))
            {
                return pulse;
            }

            if (patience.IsCancellationRequested)
            {
                Assert.Fail(string.Join("; ", world.Everywhere<SiloBooks>().Select(static b => $"{b.Last}: {b.Trouble}")) + $"; pulse {pulse?.Activity.Events} at {pulse?.Version} {world.ServiceOf<SightBoard>(silo).Trouble}; {string.Join(',', world.ServiceOf<EpochKeeper>(silo).Known)}; {world.ServiceOf<EpochKeeper>(silo).Trouble}");
            }

            await Task.WhenAll(world.Everywhere<SiloBooks>().Select(static books => books.ReportAllAsync(settle: false)));
            await world.ServiceOf<SightBoard>(silo).RefreshAsync(brand);
        }
    }
}
