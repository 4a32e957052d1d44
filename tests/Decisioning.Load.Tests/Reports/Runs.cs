using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;

namespace Decisioning.Load.Tests.Reports;

/// <summary>Results of runs that never were.</summary>
internal static class Runs
{
    /// <summary>Ten seconds of decisions that took from 1 to 100 ms.</summary>
    public static RunResult Of(Scenario? scenario = null, Action<Frame>? change = null, string? partial = null, params IReadOnlyList<SecondRow> seconds)
    {
        Frame total = new() { Length = 10, Loaded = 10, Busy = 2 };
        SeriesFrame decisions = total.Series[(int)CallKind.Decisions];
        for (int milliseconds = 1; milliseconds <= 100; milliseconds++)
        {
            decisions.Latency.Record(milliseconds * 1_000);
        }

        (decisions.Offered, decisions.Served, decisions.InTime) = (100, 100, 100);
        total.Lag.Record(20);
        change?.Invoke(total);
        return new RunResult
        {
            Options = Plans.Options(scenario ?? Plans.Scenario(10, 10), null),
            Url = "http://127.0.0.1:1",
            Began = DateTimeOffset.UnixEpoch,
            Total = total,
            Reference = null,
            Seconds = seconds,
            Steps = [],
            Knee = null,
            KneeIsGenerators = false,
            Checks = [],
            Partial = partial,
            Saturated = Saturation.Of(total),
            ServerCpu = null,
            Left = null,
        };
    }

    /// <summary>A second in which a hundredth of the decisions took so long, ms.</summary>
    public static SecondRow Second(double at, double p99) => new()
    {
        At = at,
        IsWarmup = false,
        Offered = 10,
        Served = 10,
        Refused = 0,
        Errors = 0,
        Decisions = new LatencyFigures(1, 1, 1, p99, p99, p99, p99),
        Events = null,
        Lag = 0.1,
        Busy = 0.1,
        Queued = 0,
        Server = null,
    };
}
