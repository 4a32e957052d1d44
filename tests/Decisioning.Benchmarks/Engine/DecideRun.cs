using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Benchmarks.Engine;

/// <summary><c>decide</c>: a warm decision in Core, and through the embedded host.</summary>
internal static class DecideRun
{
    public static async Task RunAsync(Report report, bool quick)
    {
        report.Heading("decide: one warm decision, 20 brands, 32 exposures, 3 brands known");
        long reply = ReplyBytes();
        foreach (BenchmarkReport measured in Measure(quick))
        {
            string shape = (string)measured.BenchmarkCase.Parameters["Shape"];
            (string name, Target? target) = ShownAs(shape);
            double median = measured.ResultStatistics?.Median ?? throw new InvalidOperationException($"The benchmark of {name} failed.");
            (double cpu, double bytes) = TurnMeasure.Run(shape);
            report.Add(new Figure($"turn, {name}, median", median / 1_000, "µs", target));
            report.Add(new Figure($"turn, {name}, median of its thread's own time", cpu, "µs"));
            report.Add(target is null
                ? new Figure($"turn, {name}, bytes", bytes, "B")
                : new Figure($"turn, {name}, bytes beyond the reply of {reply}", bytes - reply, "B", Target.Below(0)));
        }

        await HostDecideMeasure.RunAsync(report, reply, quick);
    }

    private static (string Name, Target? Target) ShownAs(string shape) => shape switch
    {
        DecideBenchmarks.Eighty => ("80 eligible", Target.Below(2)),
        DecideBenchmarks.Thousand => ("1,000 eligible", Target.Below(15)),
        _ => ("80 eligible but for a cap", null),
    };

    /// <summary>Bytes of the answer itself: one placement with one creative.</summary>
    private static long ReplyBytes()
    {
        const int times = 10_000;
        DecideReply[] kept = new DecideReply[times];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++)
        {
            kept[i] = new DecideReply
            {
                At = i,
                Catalogue = CatalogueSnapshot.Empty,
                PolicyVersion = 0,
                Placements = [new PlacementReply(new SlotDecision[1], null)],
            };
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(kept);
        return bytes / times;
    }

    private static IEnumerable<BenchmarkReport> Measure(bool quick)
    {
        Job job = (quick ? Job.ShortRun : Job.MediumRun.WithLaunchCount(1)).WithToolchain(InProcessEmitToolchain.Instance);
        using ScratchFolder artifacts = new();
        IConfig config = new ManualConfig()
            .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(artifacts.Path)
            .AddJob(job);
        return BenchmarkRunner.Run<DecideBenchmarks>(config).Reports;
    }
}
