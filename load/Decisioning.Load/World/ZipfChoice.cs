using Decisioning.Load.Arrivals;

namespace Decisioning.Load.World;

/// <summary>
/// The n-th consumer, counted from 1, comes in proportion to n to the power of minus the exponent. Takes no memory by consumer: it draws from a curve above the steps of the
/// distribution and draws again where it missed them (rejection-inversion; Hörmann and Derflinger 1996), at most a few times.
/// </summary>
internal sealed class ZipfChoice : IConsumerChoice
{
    private readonly Random _random;
    private readonly int _consumers;
    private readonly double _exponent;
    private readonly double _from;
    private readonly double _to;
    private readonly double _surely;

    /// <param name="consumers">At least 1.</param>
    /// <param name="exponent">0, each as likely as any other, to 2.</param>
    /// <param name="seed">The same seed gives the same choices.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is nobody, or the exponent is not in its range.</exception>
    public ZipfChoice(int consumers, double exponent, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(consumers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(exponent, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exponent, 2);
        (_consumers, _exponent, _random) = (consumers, exponent, new Random(seed));
        _from = Integral(1.5) - 1;
        _to = Integral(consumers + 0.5);
        _surely = 2 - Inverse(Integral(2.5) - Weight(2));
    }

    /// <inheritdoc/>
    public int Next()
    {
        while (true)
        {
            double u = _to + _random.NextDouble() * (_from - _to);
            double x = Inverse(u);
            double n = Math.Clamp(Math.Floor(x + 0.5), 1, _consumers);
            if (n - x <= _surely || u >= Integral(n + 0.5) - Weight(n))
            {
                return (int)n - 1;
            }
        }
    }

    private double Weight(double x) => Math.Exp(-_exponent * Math.Log(x));

    // ∫ t^−e dt from 1 to x: log x where e is 1.
    private double Integral(double x)
    {
        double log = Math.Log(x);
        return Growth((1 - _exponent) * log) * log;
    }

    private double Inverse(double area)
    {
        double t = Math.Max(-1, area * (1 - _exponent));
        return Math.Exp(LogGrowth(t) * area);
    }

    // (e^x − 1) / x, and its limit near 0.
    private static double Growth(double x) => Math.Abs(x) > 1e-8 ? (Math.Exp(x) - 1) / x : 1 + x / 2;

    // log(1 + x) / x, and its limit near 0.
    private static double LogGrowth(double x) => Math.Abs(x) > 1e-8 ? Math.Log(1 + x) / x : 1 - x / 2;
}
