using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Cluster.Benchmarks;

/// <summary><c>three</c>: decisions through three silos that share a core against one silo that has it, in pairs of rounds, one after the other.</summary>
internal static class ThreeRun
{
    private const int Many = 3;

    public static async Task RunAsync(Report report, bool quick)
    {
        int consumers = quick ? 9_000 : 48_000;
        int pairs = quick ? 5 : 30;
        report.Heading($"three: {Many} silos on one core against one, {pairs} pairs of rounds of a second, {consumers:N0} consumers, nine calls in ten at home");
        await using LoadedCluster one = await LoadedCluster.StartAsync(consumers, 1), many = await LoadedCluster.StartAsync(consumers, Many);
        report.Add(new Figure("pairs of rounds before", await WarmAsync(one, many, quick ? 3 : 30, quick ? 6 : 300), ""));
        List<(ClusterRound One, ClusterRound Many)> measured = [];
        for (int i = 0; i < pairs; i++)
        {
            measured.Add((await one.RunAsync(), await many.RunAsync()));
        }

        report.Add(new Figure("one silo", Medians.Of(measured.Select(m => m.One.PerSecond)), "a second"));
        report.Add(new Figure("three silos", Medians.Of(measured.Select(m => m.Many.PerSecond)), "a second"));
        report.Add(new Figure("three / one", Medians.Of(measured.Select(m => m.Many.PerSecond / m.One.PerSecond)), "", Target.AtLeast(0.75)));
        report.Add(new Figure("one silo, a decision's CPU", Medians.Of(measured.Select(m => m.One.CpuPerRequest)), "µs"));
        report.Add(new Figure("one silo, methods compiled meanwhile", measured.Sum(m => m.One.Compiled), "a silo"));
        report.Add(new Figure("three silos, methods compiled meanwhile", measured.Sum(m => m.Many.Compiled), "a silo"));
        report.Add(new Figure("three silos, a decision's CPU", Medians.Of(measured.Select(m => m.Many.CpuPerRequest)), "µs"));
    }

    /// <summary>
    /// Runs pairs of rounds until, in most of a window of them, a silo compiled at most one method: each of three has a third of the calls by which its code becomes
    /// compiled for good, on a third of the core, and is to be measured as one that has served for days.
    /// </summary>
    /// <returns>How many.</returns>
    private static async Task<int> WarmAsync(LoadedCluster one, LoadedCluster many, int window, int most)
    {
        List<double> compiled = [];
        while (compiled.Count < most && (compiled.Count < window || Medians.Of(compiled.TakeLast(window)) > 1))
        {
            compiled.Add(Math.Max((await one.RunAsync()).Compiled, (await many.RunAsync()).Compiled));
        }

        return compiled.Count;
    }
}
