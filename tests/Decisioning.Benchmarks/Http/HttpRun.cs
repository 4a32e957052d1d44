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
        TimeSpan round = TimeSpan.FromSeconds(1);
        report.Heading($"http: decisions against an endpoint that decides nothing, {pairs} pairs of rounds of {round.TotalSeconds} s, {DecisionLoad.Connections} connections");
        if (!Cores.ArePinned)
        {
            report.Note("server and client are not pinned to cores of their own here");
        }

        using ScratchFolder folder = new();
        KnownWorld.Write(folder.Path, MemoryRun.Stated, Consumers);
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, warm: Consumers);
        using LoadClient decideClient = DecisionLoad.Open(server, DecisionLoad.Path, new EvenChoice(Consumers, 1));
        using LoadClient bareClient = DecisionLoad.Open(server, BenchmarkServer.BarePath, new EvenChoice(Consumers, 2));
        MeasuredLoad decide = new(server, decideClient);
        MeasuredLoad bare = new(server, bareClient);
        await bare.WarmAsync(quick ? 5 : 30);
        await decide.WarmAsync(quick ? 5 : 30);

        List<(Round Bare, Round Decide)> measured = [];
        for (int i = 0; i < pairs; i++)
        {
            measured.Add((await bare.RunAsync(round), await decide.RunAsync(round)));
        }

        Tell(report, measured);
    }

    private static void Tell(Report report, List<(Round Bare, Round Decide)> measured)
    {
        double Median(Func<(Round Bare, Round Decide), double> of) => Medians.Of(measured.Select(of));

        report.Add(new Figure("bare", Median(p => p.Bare.Load.PerSecond), "a second"));
        report.Add(new Figure("decisions", Median(p => p.Decide.Load.PerSecond), "a second"));
        report.Add(new Figure("decisions / bare", Median(p => p.Decide.Load.PerSecond / p.Bare.Load.PerSecond), "", Target.AtLeast(0.65)));
        report.Add(new Figure("bare, server's CPU", Median(p => p.Bare.CpuPerRequest), "µs"));
        report.Add(new Figure("decision, server's CPU", Median(p => p.Decide.CpuPerRequest), "µs"));
        report.Add(new Figure("the same ratio by the server's CPU", Median(p => p.Bare.CpuPerRequest / p.Decide.CpuPerRequest), ""));
        report.Add(new Figure("bare, allocated", Median(p => p.Bare.BytesPerRequest), "B"));
        report.Add(new Figure("decision, allocated", Median(p => p.Decide.BytesPerRequest), "B"));
        report.Add(new Figure("client busy, at most", measured.Max(p => Math.Max(p.Bare.Load.ClientShare, p.Decide.Load.ClientShare)) * 100, "%"));
        report.Add(new Figure("answers without a decision", measured.Sum(p => p.Decide.Load.Unlike), ""));
    }
}
