using Decisioning.Benchmarks.Engine;
using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Benchmarks.Http;

/// <summary><c>http</c>: decisions over HTTP against an address of the same server that decides nothing, in pairs of rounds, one after the other.</summary>
internal static class HttpRun
{
    private const int Consumers = 50_000;

    public static async Task RunAsync(Report report, bool quick)
    {
        int pairs = quick ? 5 : 30;
        report.Heading($"http: decisions against an endpoint that decides nothing, {pairs} pairs of rounds of a second, {DecisionLoad.Connections} connections");
        if (!Cores.ArePinned)
        {
            report.Note("server and client are not pinned to cores of their own here");
        }

        using ScratchFolder folder = new();
        KnownWorld.Write(folder.Path, MemoryRun.Stated, Consumers);
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, warm: Consumers);
        await CompareAsync(report, server, Consumers, pairs, quick, 0.65);
    }

    /// <summary>Measures decisions and the bare endpoint of one server in turns.</summary>
    /// <param name="consumers">Those in memory.</param>
    /// <param name="pairs">Pairs of rounds.</param>
    /// <param name="target">Of the ratio.</param>
    /// <param name="storeCpu">Milliseconds that the store's own processes have used; null: it has none.</param>
    public static async Task CompareAsync(Report report, ServerProcess server, int consumers, int pairs, bool quick, double target, Func<double>? storeCpu = null)
    {
        TimeSpan round = TimeSpan.FromSeconds(1);
        using LoadClient decideClient = DecisionLoad.Open(server, DecisionLoad.Path, new EvenChoice(consumers, 1));
        using LoadClient bareClient = DecisionLoad.Open(server, BenchmarkServer.BarePath, new EvenChoice(consumers, 2));
        MeasuredLoad decide = new(server, decideClient);
        MeasuredLoad bare = new(server, bareClient);
        await bare.WarmAsync(quick ? 5 : 30);
        await decide.WarmAsync(quick ? 5 : 30);

        double before = storeCpu?.Invoke() ?? 0;
        List<(Round Bare, Round Decide)> measured = [];
        for (int i = 0; i < pairs; i++)
        {
            measured.Add((await bare.RunAsync(round), await decide.RunAsync(round)));
        }

        Tell(report, measured, target);
        if (storeCpu is not null)
        {
            report.Add(new Figure("decision, the store's CPU", (storeCpu() - before) * 1_000 / measured.Sum(p => (double)p.Decide.Load.Requests), "µs"));
        }
    }

    private static void Tell(Report report, List<(Round Bare, Round Decide)> measured, double target)
    {
        double Median(Func<(Round Bare, Round Decide), double> of) => Medians.Of(measured.Select(of));

        report.Add(new Figure("bare", Median(p => p.Bare.Load.PerSecond), "a second"));
        report.Add(new Figure("decisions", Median(p => p.Decide.Load.PerSecond), "a second"));
        report.Add(new Figure("decisions / bare", Median(p => p.Decide.Load.PerSecond / p.Bare.Load.PerSecond), "", Target.AtLeast(target)));
        report.Add(new Figure("bare, server's CPU", Median(p => p.Bare.CpuPerRequest), "µs"));
        report.Add(new Figure("decision, server's CPU", Median(p => p.Decide.CpuPerRequest), "µs"));
        report.Add(new Figure("the same ratio by the server's CPU", Median(p => p.Bare.CpuPerRequest / p.Decide.CpuPerRequest), ""));
        report.Add(new Figure("bare, allocated", Median(p => p.Bare.BytesPerRequest), "B"));
        report.Add(new Figure("decision, allocated", Median(p => p.Decide.BytesPerRequest), "B"));
        report.Add(new Figure("client busy, at most", measured.Max(p => Math.Max(p.Bare.Load.ClientShare, p.Decide.Load.ClientShare)) * 100, "%"));
        report.Add(new Figure("answers without a decision", measured.Sum(p => p.Decide.Load.Unlike), ""));
    }
}
