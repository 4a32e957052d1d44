using Decisioning.Load.Arrivals;
using Decisioning.Load.Reports;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;

namespace Decisioning.Load.Tests.Reports;

public sealed class VerdictTests
{
    private static readonly ThresholdSet None = new(null, null, null, null, null, null, 0, null, null);

    [Theory]
    [InlineData(99.1, true)]
    [InlineData(98, false)]
    public void A_latency_is_held_up_to_its_limit(double limit, bool held) => Assert.Equal(held, Verdict.Of(Runs.Of(Held(None with { DecisionP99 = limit }))).Held);

    [Fact]
    public void No_call_may_fail_and_so_many_may_be_refused()
    {
        Assert.True(Verdict.Of(Runs.Of()).Held);
        Assert.False(Verdict.Of(Runs.Of(change: t => t.Series[0].TimedOut = 1)).Held);
        Assert.False(Verdict.Of(Runs.Of(change: t => t.Series[1].Lost = 1)).Held);
        Assert.False(Verdict.Of(Runs.Of(change: t => t.Series[2].Fail(500))).Held);
        Assert.False(Verdict.Of(Runs.Of(change: t => t.Series[0].Refused = 1)).Held);
        Assert.True(Verdict.Of(Runs.Of(Held(None with { Refused = 0.5 }), t => t.Series[0].Refused = 100)).Held);
        Assert.False(Verdict.Of(Runs.Of(Held(None with { Refused = 0.5 }), t => t.Series[0].Refused = 102)).Held);
    }

    [Fact]
    public void What_is_withheld_is_not_held()
    {
        RunResult saturated = Runs.Of(Held(None with { DecisionP99 = 1_000 }), t => t.Busy = 9.5);

        Assert.NotNull(saturated.Saturated);
        Assert.Null(saturated.Latency(CallKind.Decisions));
        Assert.False(Verdict.Of(saturated).Held);
    }

    [Theory]
    [InlineData(60.1, 70.1, true)]
    [InlineData(59.9, 70.1, false)]
    [InlineData(60.1, 69.9, false)]
    public void The_longest_are_held_to_so_much_more_than_the_references_of_their_kind(double decision, double events, bool held)
    {
        ThresholdSet beyond = None with { DecisionsBeyond = 40, EventsBeyond = 30 };
        RunResult run = Runs.Of(Held(beyond), t => t.Series[(int)CallKind.Events].Latency.Record(100_000)) with { Reference = Asked(decision, events) };

        Assert.Equal(held, Verdict.Of(run).Held);
        Assert.True(Verdict.Of(run with { Reference = null }).Held);
    }

    [Fact]
    public void Trackers_are_held_to_the_references_events()
    {
        RunResult run = Runs.Of(Held(None with { EventsBeyond = 30 }), t => t.Series[(int)CallKind.Trackers].Latency.Record(100_000)) with { Reference = Asked(1, 60) };

        Threshold trackers = Assert.Single(Verdict.Of(run).Thresholds, t => t.Name.StartsWith("trackers", StringComparison.Ordinal));

        Assert.False(trackers.Held);
        Assert.InRange(trackers.Actual!.Value, 39.9, 40.1);
    }

    [Fact]
    public void Without_a_longest_of_the_reference_nothing_beyond_it_is_held()
    {
        RunResult run = Runs.Of(Held(None with { DecisionsBeyond = 1_000 })) with { Reference = Asked(60, 60) };

        Assert.True(Verdict.Of(run).Held);
        Assert.False(Verdict.Of(run with { Saturated = "it was" }).Held);
        Assert.False(Verdict.Of(run with { Reference = new Frame() }).Held);
    }

    [Fact]
    public void No_call_to_the_reference_may_fail()
    {
        Frame asked = Asked(100, 100);
        asked.Series[(int)CallKind.Events].Lost = 1;

        Assert.False(Verdict.Of(Runs.Of() with { Reference = asked }).Held);
    }

    [Theory]
    [InlineData(9_000, false)]
    [InlineData(12_000, true)]
    public void A_generator_may_be_late_a_tenth_of_what_it_measures(long lag, bool saturated) =>
        Assert.Equal(saturated, Runs.Of(change: t => t.Lag.Record(lag)).Saturated is not null);

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void It_is_calm_once_the_p99_is_below_twice_what_it_was(double limit, bool held)
    {
        Scenario burst = Held(None with { CalmAfter = limit }) with { Curve = [new(0, 1), new(3, 1), new(4, 30), new(6, 1)] };
        double[] p99 = [2, 4, 3, 500, 900, 800, 700, 7, 6.5, 6, 5];

        Verdict verdict = Verdict.Of(Runs.Of(burst, seconds: [.. p99.Select((p, at) => Runs.Second(at, p))]));

        Assert.Equal(3, Assert.Single(verdict.Thresholds, t => t.Unit == "s").Actual);
        Assert.Equal(held, verdict.Held);
    }

    [Fact]
    public void A_failed_check_is_not_held()
    {
        RunResult run = Runs.Of() with { Checks = [new CheckResult("caps", 10, 1, [])] };

        Assert.False(Verdict.Of(run).Held);
    }

    /// <summary>A reference whose longest took so long, ms.</summary>
    private static Frame Asked(double decision, double events)
    {
        Frame asked = new();
        asked.Series[(int)CallKind.Decisions].Latency.Record((long)(decision * 1_000));
        asked.Series[(int)CallKind.Events].Latency.Record((long)(events * 1_000));
        return asked;
    }

    private static Scenario Held(ThresholdSet thresholds) => Plans.Scenario(10, 10) with { Thresholds = thresholds };
}
