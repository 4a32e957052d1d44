using Decisioning.Benchmarks.Engine;
using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Benchmarks.Http;

/// <summary><c>watchers</c>: decisions over HTTP while many watch the brands that are decided for, against the same with nobody watching, in pairs of rounds.</summary>
internal static class WatchersRun
{
    private const int Consumers = 50_000;
    private const int Brands = 50;
    private const int Watchers = 1_000;
    private const double FramesPerSecond = 4;

    public static async Task RunAsync(Report report, bool quick)
    {
        int pairs = quick ? 5 : 15;
        TimeSpan round = TimeSpan.FromSeconds(quick ? 2 : 4);
        report.Heading($"watchers: decisions with {Watchers:N0} watchers on {Brands} brands, against nobody, {pairs} pairs of rounds of {round.TotalSeconds} s");
        using ScratchFolder folder = new();
        KnownWorld.Write(folder.Path, MemoryRun.Stated, Consumers);
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, warm: Consumers, brands: Brands);
        using LoadClient client = DecisionLoad.Open(server, DecisionLoad.Path, new EvenChoice(Consumers, 1));
        using WatcherCrowd crowd = new(server.Address, Watchers, Brands);
        MeasuredLoad load = new(server, client);
        crowd.Watch();
        await load.WarmAsync(quick ? 5 : 30);

        List<Pair> measured = [];
        for (int i = 0; i < pairs; i++)
        {
            crowd.Unwatch();
            await load.RunAsync(TimeSpan.FromSeconds(1));
            Round alone = await load.RunAsync(round);
            crowd.Watch();
            await load.RunAsync(TimeSpan.FromSeconds(1));
            (long messages, long bytes) = (crowd.Messages, crowd.Bytes);
            Round watched = await load.RunAsync(round);
            double seconds = watched.Load.Elapsed.TotalSeconds;
            measured.Add(new Pair(alone, watched, (crowd.Messages - messages) / seconds, (crowd.Bytes - bytes) / seconds));
        }

        Tell(report, measured);
    }

    private static void Tell(Report report, List<Pair> measured)
    {
        double Median(Func<Pair, double> of) => Medians.Of(measured.Select(of));

        report.Add(new Figure("decisions, nobody watching", Median(p => p.Alone.Load.PerSecond), "a second"));
        report.Add(new Figure("decisions, watched", Median(p => p.Watched.Load.PerSecond), "a second"));
        report.Add(new Figure("lost to the watchers", (1 - Median(p => p.Watched.Load.PerSecond / p.Alone.Load.PerSecond)) * 100, "%", Target.Below(10)));
        report.Add(new Figure("the same by the server's CPU", (1 - Median(p => p.Alone.CpuPerRequest / p.Watched.CpuPerRequest)) * 100, "%"));
        report.Add(new Figure("a decision, server's CPU, nobody watching", Median(p => p.Alone.CpuPerRequest), "µs"));
        report.Add(new Figure("a decision, server's CPU, watched", Median(p => p.Watched.CpuPerRequest), "µs"));
        report.Add(new Figure("server's core busy, nobody watching", Median(p => p.Alone.Used.Cpu / p.Alone.Load.Elapsed.TotalMilliseconds) * 100, "%"));
        report.Add(new Figure("server's core busy, watched", Median(p => p.Watched.Used.Cpu / p.Watched.Load.Elapsed.TotalMilliseconds) * 100, "%"));
        report.Add(new Figure("frames to a watcher", Median(p => p.Messages) / Watchers, "a second", Target.AtLeast(FramesPerSecond * 0.9)));
        report.Add(new Figure("a frame", Median(p => p.Bytes / p.Messages), "B"));
        report.Add(new Figure("client busy, at most", measured.Max(p => p.Watched.Load.ClientShare) * 100, "%"));
        report.Add(new Figure("answers without a decision", measured.Sum(p => p.Watched.Load.Unlike), ""));
    }

    /// <param name="Alone">Nobody watching.</param>
    /// <param name="Watched">Everybody watching.</param>
    /// <param name="Messages">To all watchers, a second.</param>
    /// <param name="Bytes">To all watchers, a second.</param>
    private sealed record Pair(Round Alone, Round Watched, double Messages, double Bytes);
}
