using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Server;

namespace Decisioning.Cluster.Benchmarks;

/// <summary><c>resident</c>: what consumers in a silo's memory cost, Orleans' own part included.</summary>
internal static class ResidentRun
{
    private const double Million = 1e6;

    public static async Task RunAsync(Report report, bool quick)
    {
        int count = quick ? 100_000 : 1_000_000;
        report.Heading($"resident: {count:N0} consumers in the memory of one silo, each with 2 brands, 10 exposures, 20 event ids, and one decision more");
        await using KnownCluster cluster = await KnownCluster.StartAsync(count);
        using ScratchFolder folder = new();
        OpenedHost opened = await SiloServer.OpenAsync(cluster.Connection, folder.Path);
        await using IAsyncDisposable lifetime = opened.Lifetime;
        await KnownWorld.PutBrandsAsync(opened.Host);
        (long heapBefore, long workingBefore) = Measure();
        await ActivationRun.TouchAsync(opened.Host, Enumerable.Range(0, count));
        (long heap, long working) = Measure();
        const double gibibyte = 1 << 30;
        report.Add(new Figure("heap by the collector, per consumer", (double)(heap - heapBefore) / count, "B"));
        report.Add(new Figure("a million, by the collector", (heap - heapBefore) / gibibyte * Million / count, "GiB", Target.Below(3.5)));
        report.Add(new Figure("a million, by the process's working set", (working - workingBefore) / gibibyte * Million / count, "GiB"));
        GC.KeepAlive(opened);
    }

    private static (long Heap, long Working) Measure()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }
}
