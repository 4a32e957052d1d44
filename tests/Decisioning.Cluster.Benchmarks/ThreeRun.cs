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
        report.Add(new Figure("pairs of rounds before", await WarmAsync(one, many, quick ? 5 : 15, quick ? 5 : 150), ""));
        List<(ClusterRound One, ClusterRound Many)> measured = [];
        for (int i = 0; i < pairs; i++)
        {
            measured.Add((await one.RunAsync(), await many.RunAsync()));
        }

        report.Add(new Figure("one silo", Medians.Of(measured.Select(m => m.One.PerSecond)), "a second"));
        report.Add(new Figure("three silos", Medians.Of(measured.Select(m => m.Many.PerSecond)), "a second"));
        report.Add(new Figure("three / one", Medians.Of(measured.Select(m => m.Many.PerSecond / m.One.PerSecond)), "", Target.AtLeast(0.75)));
        report.Add(new Figure("one silo, a decision's CPU", Medians.Of(measured.Select(m => m.One.CpuPerRequest)), "µs"));
        report.Add(new Figure("three silos, a decision's CPU", Medians.Of(measured.Select(m => m.Many.CpuPerRequest)), "µs"));
    }

    /// <summary>
    /// Runs pairs of rounds until the many silos' cost has not fallen by a hundredth for so long: each of three has a third of the calls by which its code becomes
    /// compiled for good, and is to be measured as one that has served for days.
    /// </summary>
    /// <returns>How many.</returns>
    private static async Task<int> WarmAsync(LoadedCluster one, LoadedCluster many, int patience, int most)
    {
        double least = double.MaxValue;
        int pairs = 0;
        for (int since = 0; since < patience && pairs < most; pairs++)
        {
            await one.RunAsync();
            double cost = (await many.RunAsync()).CpuPerRequest;
            since = cost < 0.99 * least ? 0 : since + 1;
            least = Math.Min(least, cost);
        }

        return pairs;
    }
}
