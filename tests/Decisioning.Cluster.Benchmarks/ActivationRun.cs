using System.Diagnostics;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Hosting;
using Decisioning.Server;

namespace Decisioning.Cluster.Benchmarks;

/// <summary><c>activation</c>: first touches of consumers who are in PostgreSQL alone, each by a decision, in random order.</summary>
internal static class ActivationRun
{
    private const int AtOnce = 256;

    public static async Task RunAsync(Report report, bool quick)
    {
        int count = quick ? 30_000 : 300_000;
        report.Heading($"activation: {count:N0} consumers in PostgreSQL, each touched once by a decision, {AtOnce} at once");
        await using KnownCluster cluster = await KnownCluster.StartAsync(count);
        using ScratchFolder folder = new();
        OpenedHost opened = await SiloServer.OpenAsync(cluster.Connection, folder.Path);
        await using IAsyncDisposable lifetime = opened.Lifetime;
        await KnownWorld.PutBrandsAsync(opened.Host);
        int[] order = [.. Enumerable.Range(0, count)];
        new Random(3).Shuffle(order);

        // The first tenth compiles the code.
        int tenth = count / 10;
        await TouchAsync(opened.Host, order[..tenth]);
        double own = Environment.CpuUsage.TotalTime.TotalMilliseconds, postgres = cluster.Cpu();
        TimeSpan elapsed = await TouchAsync(opened.Host, order[tenth..]);
        int touched = count - tenth;
        report.Add(new Figure("activated and decided", touched / elapsed.TotalSeconds, "a second", Target.AtLeast(3_000)));
        report.Add(new Figure("  a touch, silo's CPU", (Environment.CpuUsage.TotalTime.TotalMilliseconds - own) * 1_000 / touched, "µs"));
        report.Add(new Figure("  a touch, PostgreSQL's CPU", (cluster.Cpu() - postgres) * 1_000 / touched, "µs"));
    }

    /// <summary>Decides once for each.</summary>
    public static async Task<TimeSpan> TouchAsync(IDecisionHost host, IEnumerable<int> consumers)
    {
        long start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(consumers, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (n, cancellation) =>
            await host.DecideAsync(Requests.Of(host.Catalogue, PackedConsumers.IdOf(n)), cancellation));
        return Stopwatch.GetElapsedTime(start);
    }
}
