using Decisioning.Benchmarks.Http;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Cluster.Benchmarks;

/// <summary>
/// <c>silo</c>: decisions over HTTP through a silo in the same process against an address of it that decides nothing, and durable events. The silo has a core of its
/// own; PostgreSQL shares the client's.
/// </summary>
internal static class SiloRun
{
    public static async Task RunAsync(Report report, bool quick)
    {
        int consumers = quick ? 10_000 : 50_000;
        int rounds = quick ? 5 : 30;
        report.Heading($"silo: decisions against an endpoint that decides nothing, and durable events; {rounds} rounds of a second each, {consumers:N0} consumers");
        await using KnownCluster cluster = await KnownCluster.StartAsync(consumers);
        cluster.LeaveServersCore();
        await using ServerProcess server = await SiloServer.StartAsync(cluster.Connection, KnownWorld.Brands, consumers);
        await HttpRun.CompareAsync(report, server, consumers, rounds, quick, 0.45, cluster.Cpu);
        await EventsRun.MeasureAsync(report, server, consumers, new EventShape(100, 16, 5_000, "b"), rounds, quick, cluster.Cpu);
    }
}
