using Decisioning.Load.Reports;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;

namespace Decisioning.Load.Tests.Running;

/// <summary>The soak, short, against real servers: one whose memory stays, and one that has to keep more and more.</summary>
public sealed class SoakTests
{
    /// <summary>Half a minute may be no more than the rise of one of the heap's saws, which is an eighth of it.</summary>
    private const double MostGrowth = 0.2;

    [Fact]
    public async Task Forty_five_seconds_leave_memory_flat_and_every_acknowledged_event_in_the_journal()
    {
        Scenario soak = ScenarioFiles.Read("soak");

        (RunResult result, Verdict verdict) = await RunAsync(soak with { Rate = 200, Seconds = 45, Warmup = 3, Thresholds = soak.Thresholds with { MemoryGrowth = MostGrowth } });

        Assert.True(verdict.Held, string.Join("; ", verdict.Thresholds.Where(t => !t.Held)) + string.Join("; ", verdict.FailedChecks));
        Assert.Equal(2, verdict.Thresholds.Count(t => t is { Unit: "%", Actual: not null }));
        Assert.Contains(result.Checks, c => c.Name.StartsWith("verify", StringComparison.Ordinal) && c.Checked >= soak.World.Known);
    }

    [Fact]
    public async Task A_server_that_keeps_more_and_more_is_not_held_to_be_flat()
    {
        // Everybody is new, and the heap has room for all of them. A minute of it doubles the heap where it is answered at once; half of the pace is still far past the bound.
        Scenario soak = ScenarioFiles.Read("soak");

        (RunResult result, Verdict verdict) = await RunAsync(soak with
        {
            Rate = 1_500,
            Seconds = 60,
            Warmup = 1,
            World = soak.World with { Known = 0 },
            Visitors = soak.Visitors with { Fresh = 1 },
            ServerHeap = null,
            Verify = false,
            Thresholds = soak.Thresholds with { MemoryGrowth = MostGrowth },
        });

        Assert.Null(result.Partial);
        Threshold heap = Assert.Single(verdict.Thresholds, t => t.Name == "the server's managed heap grew");
        Assert.True(heap.Actual > heap.Limit, $"{heap}");
        Assert.False(verdict.Held);
    }

    private static async Task<(RunResult Result, Verdict Verdict)> RunAsync(Scenario scenario)
    {
        RunResult result = await new LoadRun(Plans.Options(scenario, null), Quiet.Instance).RunAsync(TestContext.Current.CancellationToken);
        return (result, Verdict.Of(result));
    }

    private sealed class Quiet : IRunMeter
    {
        public static Quiet Instance { get; } = new();

        public void Doing(string what)
        {
        }

        public void Second(SecondRow row)
        {
        }
    }
}
