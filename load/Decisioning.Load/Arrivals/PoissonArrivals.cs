namespace Decisioning.Load.Arrivals;

/// <summary>When visitors come: each on his own, as many a second as a curve says, and whatever became of those before. The same seed gives the same instants.</summary>
internal sealed class PoissonArrivals(RateCurve curve, int seed)
{
    private readonly Random _random = new(seed);
    private double _come;

    /// <summary>When the next comes, in seconds from the beginning; infinite where nobody ever will.</summary>
    public double Next()
    {
        _come -= Math.Log(1 - _random.NextDouble());
        return curve.WhenCome(_come);
    }
}
