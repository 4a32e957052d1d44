namespace Decisioning.Load.Arrivals;

/// <summary>One point of a curve.</summary>
/// <param name="Second">From the beginning.</param>
/// <param name="Rate">Arrivals a second, or a multiple of some rate.</param>
internal readonly record struct CurvePoint(double Second, double Rate);

/// <summary>How many come a second, as time goes: straight lines between points, level after the last.</summary>
internal sealed class RateCurve
{
    private readonly CurvePoint[] _points;

    // How many have come at each point.
    private readonly double[] _come;

    /// <param name="points">At least one, the first at second 0, later ones later; no rate below 0.</param>
    public RateCurve(IEnumerable<CurvePoint> points)
    {
        _points = [.. points];
        if (_points.Length == 0 || _points[0].Second != 0 || _points.Any(p => !(p.Rate >= 0)) || _points.Zip(_points.Skip(1)).Any(p => !(p.Second.Second > p.First.Second)))
        {
            throw new ArgumentException("A curve begins at second 0, goes forward, and is never below 0.", nameof(points));
        }

        _come = new double[_points.Length];
        for (int i = 1; i < _points.Length; i++)
        {
            _come[i] = _come[i - 1] + ((_points[i - 1].Rate + _points[i].Rate) / 2 * (_points[i].Second - _points[i - 1].Second));
        }
    }

    /// <summary>The same so many a second all the time.</summary>
    public static RateCurve Level(double rate) => new([new CurvePoint(0, rate)]);

    /// <summary>A straight climb from a tenth to the whole within the warm-up, then the curve.</summary>
    /// <param name="warmup">Seconds; 0: there is none.</param>
    /// <param name="rate">What the curve's rates are multiples of.</param>
    /// <param name="curve">Multiples.</param>
    public static RateCurve Warmed(double warmup, double rate, IReadOnlyList<CurvePoint> curve)
    {
        const double From = 0.1;
        IEnumerable<CurvePoint> points = curve.Select(p => new CurvePoint(p.Second + warmup, p.Rate * rate));
        return new RateCurve(warmup > 0 ? points.Prepend(new CurvePoint(0, curve[0].Rate * rate * From)) : points);
    }

    /// <summary>Arrivals a second at an instant.</summary>
    public double RateAt(double second)
    {
        int at = Math.Max(0, Array.FindLastIndex(_points, p => p.Second <= second));
        return at == _points.Length - 1 ? _points[at].Rate : _points[at].Rate + (SlopeAt(at) * (second - _points[at].Second));
    }

    /// <summary>How many are to have come until an instant, on the average.</summary>
    public double ComeUntil(double second)
    {
        int at = Math.Max(0, Array.FindLastIndex(_points, p => p.Second <= second));
        double into = second - _points[at].Second;
        double slope = at == _points.Length - 1 ? 0 : SlopeAt(at);
        return _come[at] + (_points[at].Rate * into) + (slope / 2 * into * into);
    }

    /// <summary>When so many are to have come, on the average; infinite where so many never will.</summary>
    /// <param name="come">0 or more.</param>
    public double WhenCome(double come)
    {
        int at = Math.Max(0, Array.FindLastIndex(_come, c => c <= come));
        double left = come - _come[at];
        (double second, double rate) = _points[at];
        double slope = at == _points.Length - 1 ? 0 : SlopeAt(at);
        if (left == 0)
        {
            return second;
        }

        // rate·t + slope/2·t² = left, in the form that does not cancel for small slopes.
        double root = Math.Sqrt((rate * rate) + (2 * slope * left));
        return rate + root > 0 ? second + (2 * left / (rate + root)) : double.PositiveInfinity;
    }

    private double SlopeAt(int at) => (_points[at + 1].Rate - _points[at].Rate) / (_points[at + 1].Second - _points[at].Second);
}
