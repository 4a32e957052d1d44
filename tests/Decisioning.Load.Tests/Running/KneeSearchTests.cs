using Decisioning.Load.Running;

namespace Decisioning.Load.Tests.Running;

public sealed class KneeSearchTests
{
    private const double Limit = 20;

    [Theory]
    [InlineData(100, 1_000)]
    [InlineData(1_000, 900)]
    [InlineData(5_000, 37)]
    public void It_finds_the_highest_rate_that_is_held(double first, double capacity)
    {
        KneeSearch search = new(first, Limit);
        while (search.Next is { } rate)
        {
            search.Take(rate, Measured(rate, rate <= capacity ? 5 : 50));
        }

        Assert.InRange(search.Knee, capacity * 0.9, capacity);
        Assert.True(search.Steps.Count < 25);
        Assert.False(search.IsGeneratorsOwn);
    }

    [Fact]
    public void A_server_that_holds_nothing_has_no_knee()
    {
        KneeSearch search = new(100, Limit);
        while (search.Next is { } rate)
        {
            search.Take(rate, Measured(rate, 50));
        }

        Assert.Equal(0, search.Knee);
    }

    [Fact]
    public void Where_the_generator_gives_out_first_it_says_so()
    {
        KneeSearch search = new(100, Limit);
        while (search.Next is { } rate)
        {
            search.Take(rate, Measured(rate, 5, busy: rate > 500 ? 0.99 : 0.2));
        }

        Assert.True(search.IsGeneratorsOwn);
        Assert.InRange(search.Knee, 450, 500);
    }

    [Fact]
    public void A_rate_is_not_held_where_calls_fail_are_refused_or_come_late()
    {
        Assert.Equal("3 calls failed", NotHeld(f => f.Series[0].TimedOut = 3));
        Assert.Equal("2 calls were refused", NotHeld(f => f.Series[0].Refused = 2));
        Assert.Equal("98.0 % of the calls were served within the step", NotHeld(f => f.Series[0].InTime = 490));
        Assert.Null(NotHeld(f => f.Series[0].InTime = 495));
    }

    private static string? NotHeld(Action<Frame> change)
    {
        KneeSearch search = new(100, Limit);
        Frame measured = Measured(100, 5);
        change(measured);
        search.Take(100, measured);
        return search.Steps[0].NotHeld;
    }

    /// <summary>Five seconds of decisions that all took so long, ms.</summary>
    private static Frame Measured(double rate, long latency, double busy = 0.2)
    {
        Frame frame = new() { Length = 5, Loaded = 5, Busy = 5 * busy };
        SeriesFrame decisions = frame.Series[0];
        decisions.Offered = decisions.Served = decisions.InTime = (long)(rate * 5);
        decisions.Latency.Record(latency * 1_000);
        return frame;
    }
}
