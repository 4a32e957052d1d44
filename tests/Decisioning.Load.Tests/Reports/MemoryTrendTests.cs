using Decisioning.Load.Reports;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;

namespace Decisioning.Load.Tests.Reports;

public sealed class MemoryTrendTests
{
    private const long Megabyte = 1_000_000;
    private const double Most = 0.1;

    [Fact]
    public void A_saw_that_stays_where_it_is_does_not_grow()
    {
        // Grows by 2 MB a second for 30 s and falls back, as heaps do, with a burst now and then.
        SecondRow[] seconds = [.. Seconds(600, at => (200 + (2 * (at % 30)) + (at % 97 == 0 ? 500 : 0)) * Megabyte)];

        MemoryTrend trend = MemoryTrend.Of(seconds, m => m.WorkingSet)!;

        Assert.InRange(trend.Growth, -0.02, 0.02);
        Assert.InRange(trend.Level / Megabyte, 200, 260);
    }

    [Theory]
    [InlineData(0.05, false)]
    [InlineData(0.15, true)]
    public void A_leak_is_seen_below_the_saw(double megabytesASecond, bool tooMuch)
    {
        // 400 s are judged: 20 MB or 60 MB of about 260.
        SecondRow[] seconds = [.. Seconds(600, at => (long)((200 + (2 * (at % 30)) + (megabytesASecond * at)) * Megabyte))];

        Assert.Equal(!tooMuch, Verdict.Of(Soaked(seconds)).Held);
    }

    [Fact]
    public void What_caches_take_in_the_first_third_is_no_leak()
    {
        SecondRow[] seconds = [.. Seconds(90, at => Math.Min(100 + (5 * at), 250) * Megabyte)];

        Assert.Equal(0, MemoryTrend.Of(seconds, m => m.WorkingSet)!.Growth, 9);
    }

    [Fact]
    public void The_heap_is_judged_beside_the_working_set()
    {
        SecondRow[] seconds = [.. Seconds(90, _ => 300 * Megabyte, at => (100 + at) * Megabyte)];

        Verdict verdict = Verdict.Of(Soaked(seconds));

        Assert.True(Assert.Single(verdict.Thresholds, t => t.Name == "the server's working set grew").Held);
        Assert.False(Assert.Single(verdict.Thresholds, t => t.Name == "the server's managed heap grew").Held);
    }

    [Fact]
    public void Too_few_readings_are_no_trend_and_not_held()
    {
        SecondRow[] seconds = [.. Seconds(13, _ => Megabyte)];

        Assert.Null(MemoryTrend.Of(seconds, m => m.WorkingSet));
        Assert.False(Verdict.Of(Soaked(seconds)).Held);
        Assert.NotNull(MemoryTrend.Of(Seconds(14, _ => Megabyte), m => m.WorkingSet));
    }

    [Fact]
    public void Memory_that_nobody_can_see_is_said_to_be_unseen_and_not_judged()
    {
        RunResult unseen = Soaked([]) with { Options = Plans.Options(Soak, "http://127.0.0.1:1") };

        Assert.True(unseen.MemoryUnseen);
        Assert.DoesNotContain(Verdict.Of(unseen).Thresholds, t => t.Unit == "%");
        Assert.False((unseen with { Options = unseen.Options with { Process = 1 } }).MemoryUnseen);
    }

    private static Scenario Soak
    {
        get
        {
            Scenario small = Plans.Scenario(10, 10);
            return small with { Thresholds = small.Thresholds with { MemoryGrowth = Most } };
        }
    }

    private static RunResult Soaked(IReadOnlyList<SecondRow> seconds) => Runs.Of(Soak, seconds: seconds);

    private static IEnumerable<SecondRow> Seconds(int count, Func<int, long> workingSet, Func<int, long>? heap = null) =>
        Enumerable.Range(0, count).Select(at => Runs.Second(at, 1) with { Server = new MemoryReading(workingSet(at), (heap ?? workingSet)(at)) });
}
