using Decisioning.Benchmarks.Engine;
using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Load.World;

namespace Decisioning.Benchmarks.Http;

/// <summary>
/// <c>zipf</c>: decisions for many known consumers, a fifth of them in memory, against the same for a few who all are; chosen by Zipf(1) on both sides, in pairs
/// of rounds, one after the other.
/// </summary>
internal static class ZipfRun
{
    private const int Few = 50_000;

    public static async Task RunAsync(Report report, bool quick)
    {
        int many = quick ? 500_000 : 5_000_000;
        int pairs = quick ? 3 : 15;
        TimeSpan round = TimeSpan.FromSeconds(quick ? 2 : 6);
        report.Heading($"zipf: {many:N0} known consumers, a fifth resident, against {Few:N0} all resident, {pairs} pairs of rounds of {round.TotalSeconds} s");
        using ScratchFolder manyFolder = new();
        using ScratchFolder fewFolder = new();
        double size = KnownWorld.Write(manyFolder.Path, MemoryRun.Stated, many);
        KnownWorld.Write(fewFolder.Path, MemoryRun.Stated, Few);
        long fifth = KnownWorld.ResidentBytes(many / 5, size);
        await using ServerProcess manyServer = await ServerProcess.StartAsync(manyFolder.Path, fifth, many / 5);
        await using ServerProcess fewServer = await ServerProcess.StartAsync(fewFolder.Path, warm: Few);
        using LoadClient manyClient = DecisionLoad.Open(manyServer, DecisionLoad.Path, new ZipfChoice(many, 1, 1));
        using LoadClient fewClient = DecisionLoad.Open(fewServer, DecisionLoad.Path, new ZipfChoice(Few, 1, 2));
        MeasuredLoad manyLoad = new(manyServer, manyClient);
        MeasuredLoad fewLoad = new(fewServer, fewClient);
        await fewLoad.WarmAsync(quick ? 10 : 40);
        await manyLoad.WarmAsync(quick ? 10 : 40);

        List<(Round Few, Round Many)> measured = [];
        for (int i = 0; i < pairs; i++)
        {
            measured.Add((await fewLoad.RunAsync(round), await manyLoad.RunAsync(round)));
        }

        Tell(report, measured);
    }

    private static void Tell(Report report, List<(Round Few, Round Many)> measured)
    {
        double Median(Func<(Round Few, Round Many), double> of) => Medians.Of(measured.Select(of));

        report.Add(new Figure("all resident", Median(p => p.Few.Load.PerSecond), "a second"));
        report.Add(new Figure("a fifth resident", Median(p => p.Many.Load.PerSecond), "a second"));
        report.Add(new Figure("time of one to time of the other", Median(p => p.Few.Load.PerSecond / p.Many.Load.PerSecond), "", Target.Below(1.5)));
        report.Add(new Figure("all resident, server's CPU", Median(p => p.Few.CpuPerRequest), "µs"));
        report.Add(new Figure("a fifth resident, server's CPU", Median(p => p.Many.CpuPerRequest), "µs"));
        report.Add(new Figure("the same ratio by the server's CPU", Median(p => p.Many.CpuPerRequest / p.Few.CpuPerRequest), ""));
        report.Add(new Figure("resident of the many", Median(p => p.Many.Used.Resident), "consumers"));
        report.Add(new Figure("in", Median(p => p.Many.Used.ResidentBytes) / 1e6, "MB"));
        report.Add(new Figure("client busy, at most", measured.Max(p => Math.Max(p.Few.Load.ClientShare, p.Many.Load.ClientShare)) * 100, "%"));
        report.Add(new Figure("answers without a decision, few", 100d * measured.Sum(p => p.Few.Load.Unlike) / measured.Sum(p => p.Few.Load.Requests), "%"));
        report.Add(new Figure("answers without a decision, many", 100d * measured.Sum(p => p.Many.Load.Unlike) / measured.Sum(p => p.Many.Load.Requests), "%"));
    }
}
