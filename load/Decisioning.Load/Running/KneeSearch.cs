using System.Globalization;

namespace Decisioning.Load.Running;

/// <summary>One rate that was tried.</summary>
/// <param name="Rate">Visits a second meant.</param>
/// <param name="Offered">Calls a second meant, with what followed.</param>
/// <param name="Served">Calls a second answered as they should be, within the step.</param>
/// <param name="Decisions">Latencies; null where none was answered.</param>
/// <param name="NotHeld">Why the rate was not held; null: it was.</param>
/// <param name="Saturated">Why the generator was at its limit; null: it was not.</param>
internal sealed record StepRow(double Rate, double Offered, double Served, LatencyFigures? Decisions, string? NotHeld, string? Saturated);

/// <summary>
/// Searches the knee: the highest rate at which 99 of 100 calls meant within the step are served within it, none fails or is refused, and the 99th percentile of decisions
/// stays below a limit. Rates grow by half until one is not held, then the gap is halved.
/// </summary>
/// <param name="first">The first rate, visits a second.</param>
/// <param name="limit">Of the decisions' 99th percentile, ms.</param>
internal sealed class KneeSearch(double first, double limit)
{
    private const double Growth = 1.5;
    private const double LeastServed = 0.99;
    private const int Halvings = 4;

    private readonly List<StepRow> _steps = [];
    private double _held;
    private double _notHeld = double.PositiveInfinity;
    private int _halvings;

    public IReadOnlyList<StepRow> Steps => _steps;

    /// <summary>The highest rate that was held, visits a second; 0: none.</summary>
    public double Knee => _held;

    /// <summary>Whether the generator came to its limit before the server did.</summary>
    public bool IsGeneratorsOwn => _steps.Any(s => s.Rate == _notHeld && s.Saturated is not null);

    /// <summary>The rate to try next; null where the search is over.</summary>
    public double? Next =>
        _steps.Count == 0 ? first
        : double.IsPositiveInfinity(_notHeld) ? _held * Growth
        : _halvings >= Halvings || _notHeld < 1 ? null
        : _held == 0 ? _notHeld / 2
        : (_held + _notHeld) / 2;

    /// <summary>Takes what became of a rate.</summary>
    /// <param name="rate">Visits a second.</param>
    /// <param name="measured">Its segment.</param>
    public void Take(double rate, Frame measured)
    {
        // Found a rate on either side: from now on the gap is halved.
        _halvings += _held > 0 && !double.IsPositiveInfinity(_notHeld) ? 1 : 0;
        double offered = measured.Series.Sum(s => (double)s.Offered) / measured.Loaded;
        double served = measured.Series.Sum(s => (double)s.InTime) / measured.Loaded;
        var decisions = LatencyFigures.Of(measured.Series[(int)CallKind.Decisions].Latency);
        string? saturated = Saturation.Of(measured);
        string? fault = FaultOf(measured, offered, served, decisions);
        if (fault is null && saturated is null)
        {
            _held = rate;
        }
        else
        {
            _notHeld = rate;
        }

        _steps.Add(new StepRow(rate, Math.Round(offered, 1), Math.Round(served, 1), decisions, fault, saturated));
    }

    private string? FaultOf(Frame measured, double offered, double served, LatencyFigures? decisions)
    {
        long errors = measured.Series.Sum(s => s.Errors);
        long refused = measured.Series.Sum(s => s.Refused);
        return errors > 0 ? Text($"{errors} calls failed")
            : refused > 0 ? Text($"{refused} calls were refused")
            : served < LeastServed * offered ? Text($"{served / offered:P1} of the calls were served within the step")
            : decisions is null ? "no decision was answered"
            : decisions.P99 > limit ? Text($"p99 of decisions {decisions.P99:F1} ms, limit {limit:F1} ms")
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
