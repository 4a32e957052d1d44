using Decisioning.Benchmarks.Http;
using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Benchmarks.Curves;

/// <summary>A point of a curve that was measured. Ratios are medians over rounds of the ratio to the first point within a round.</summary>
/// <param name="At">How much there was of what grows.</param>
/// <param name="CpuMicroseconds">Of the server's core, a decision.</param>
/// <param name="CpuRatio">The same over the first point's.</param>
/// <param name="PerSecond">Decisions that the server's core answered.</param>
/// <param name="TimeRatio">The first point's decisions a second over these.</param>
/// <param name="Undecided">The share of answers without a decision.</param>
internal sealed record CurvePoint(double At, double CpuMicroseconds, double CpuRatio, double PerSecond, double TimeRatio, double Undecided);

/// <summary>How a decision's cost grows with one thing, all else being equal.</summary>
/// <param name="Name">In files.</param>
/// <param name="Title">For people.</param>
/// <param name="Across">What grows.</param>
/// <param name="Measured">When.</param>
/// <param name="Points">From the least to the most.</param>
internal sealed record Curve(string Name, string Title, string Across, DateTimeOffset Measured, IReadOnlyList<CurvePoint> Points);

/// <summary>A server as it is at one point of a curve, and its load.</summary>
/// <param name="at">How much there is of what grows.</param>
/// <param name="server">Disposed by whoever started it.</param>
internal sealed class MeasuredPoint(double at, ServerProcess server, LoadClient client)
{
    private readonly MeasuredLoad _load = new(server, client);
    private readonly List<Round> _rounds = [];

    public double At => at;

    public IReadOnlyList<Round> Rounds => _rounds;

    /// <summary>What makes the point what it is, before each round, and what ends that after it; nothing where the server itself does.</summary>
    public (Action Enter, Action Leave)? Around { get; init; }

    public Task WarmAsync(int rounds) => _load.WarmAsync(rounds);

    public async Task RunAsync(TimeSpan round)
    {
        if (Around is { } around)
        {
            around.Enter();

            // Until what is new has settled.
            await _load.RunAsync(round / 2);
            _rounds.Add(await _load.RunAsync(round));
            around.Leave();
        }
        else
        {
            _rounds.Add(await _load.RunAsync(round));
        }
    }
}

/// <summary>Measures the points of a curve in turns, so that whatever else the machine does meets all of them.</summary>
/// <param name="name">In files.</param>
/// <param name="title">For people.</param>
/// <param name="across">What grows.</param>
internal sealed class CurveMeasure(string name, string title, string across, bool quick)
{
    public string Name => $"curve-{name}";

    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(1.5);

    /// <param name="points">At least one, from the least to the most.</param>
    /// <param name="most">The ratio by time that the last point may have; null: it explains others.</param>
    public async Task<Curve> RunAsync(Report report, IReadOnlyList<MeasuredPoint> points, double? most = null)
    {
        foreach (MeasuredPoint point in points)
        {
            await point.WarmAsync(quick ? 4 : 10);
        }

        for (int round = 0; round < (quick ? 3 : 7); round++)
        {
            foreach (MeasuredPoint point in points)
            {
                await point.RunAsync(RoundLength);
            }
        }

        Curve curve = new(name, title, across, DateTimeOffset.UtcNow, [.. points.Select(p => PointOf(p, points[0]))]);
        foreach (CurvePoint point in curve.Points)
        {
            Target? target = most is { } bound && point == curve.Points[^1] ? Target.Below(bound) : null;
            report.Add(new Figure($"{across} {point.At:N0}: a decision, server's CPU", point.CpuMicroseconds, "µs"));
            report.Add(new Figure("  times that of the first", point.CpuRatio, ""));
            report.Add(new Figure("  times the first's time", point.TimeRatio, "", target));
            report.Add(new Figure("  answers without a decision", point.Undecided * 100, "%"));
        }

        return curve;
    }

    private static CurvePoint PointOf(MeasuredPoint point, MeasuredPoint first)
    {
        IEnumerable<(Round One, Round First)> pairs = point.Rounds.Zip(first.Rounds);
        return new CurvePoint(
            point.At,
            Medians.Of(point.Rounds.Select(r => r.CpuPerRequest)),
            Medians.Of(pairs.Select(p => p.One.CpuPerRequest / p.First.CpuPerRequest)),
            Medians.Of(point.Rounds.Select(r => r.Load.PerSecond)),
            Medians.Of(pairs.Select(p => p.First.Load.PerSecond / p.One.Load.PerSecond)),
            point.Rounds.Sum(r => (double)r.Load.Unlike) / point.Rounds.Sum(r => r.Load.Requests));
    }
}
