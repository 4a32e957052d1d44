using Decisioning.Load.Arrivals;

namespace Decisioning.Load.Tests.Arrivals;

public sealed class RateCurveTests
{
    private static readonly RateCurve Midnight = new([new(0, 10), new(5, 10), new(6, 300), new(20, 300), new(21, 0), new(30, 0), new(31, 10)]);

    [Fact]
    public void When_and_how_many_are_each_others_inverse()
    {
        for (double come = 0; come < 5_000; come += 7.3)
        {
            Assert.Equal(come, Midnight.ComeUntil(Midnight.WhenCome(come)), 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(5.5, 155)]
    [InlineData(20, 300)]
    [InlineData(25, 0)]
    [InlineData(100, 10)]
    public void Between_points_it_is_straight_and_after_the_last_level(double second, double rate) => Assert.Equal(rate, Midnight.RateAt(second), 1e-9);

    [Fact]
    public void Nobody_ever_comes_to_a_curve_that_ends_at_nothing() =>
        Assert.Equal(double.PositiveInfinity, new RateCurve([new(0, 10), new(1, 0)]).WhenCome(5.1));

    [Fact]
    public void The_warm_up_climbs_from_a_tenth_to_the_curves_beginning()
    {
        var warmed = RateCurve.Warmed(10, 200, [new(0, 1), new(5, 3)]);

        Assert.Equal([20, 110, 200, 600, 600], new[] { 0d, 5, 10, 15, 99 }.Select(warmed.RateAt));
    }

    [Fact]
    public void A_curve_begins_at_0_goes_forward_and_is_never_below_nothing()
    {
        Assert.Throws<ArgumentException>(() => new RateCurve([]));
        Assert.Throws<ArgumentException>(() => new RateCurve([new(1, 5)]));
        Assert.Throws<ArgumentException>(() => new RateCurve([new(0, 5), new(0, 6)]));
        Assert.Throws<ArgumentException>(() => new RateCurve([new(0, -1)]));
    }

    [Fact]
    public void Arrivals_follow_the_curve_each_on_its_own_and_from_their_seed()
    {
        double[] instants = Instants(3);

        Assert.Equal(instants, Instants(3));
        Assert.NotEqual(instants, Instants(4));
        double expected = Midnight.ComeUntil(20) - Midnight.ComeUntil(6);
        Assert.InRange(instants.Count(i => i is >= 6 and < 20), expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        Assert.DoesNotContain(instants, i => i is > 21 and < 30);

        // Of a Poisson process the counts of seconds vary as much as they are; evenly spaced ones would not.
        double[] counts = [.. Enumerable.Range(6, 14).Select(s => (double)instants.Count(i => i >= s && i < s + 1))];
        Assert.InRange(counts.Sum(c => Math.Pow(c - 300, 2)) / counts.Length / 300, 0.25, 2.5);
    }

    [Fact]
    public void Each_comes_once_before_any_comes_again()
    {
        foreach (int consumers in new[] { 1, 2, 7, 1_000, 1_618 })
        {
            OnceChoice choice = new(consumers);
            for (int round = 0; round < 2; round++)
            {
                Assert.Equal(Enumerable.Range(0, consumers), Enumerable.Range(0, consumers).Select(_ => choice.Next()).Order());
            }
        }
    }

    private static double[] Instants(int seed)
    {
        PoissonArrivals arrivals = new(Midnight, seed);
        return [.. Enumerable.Range(0, 5_000).Select(_ => arrivals.Next())];
    }
}
