using Decisioning.Lab.Replay;

namespace Decisioning.Lab.Tests;

public sealed class PaceTests
{
    [Fact]
    public void Events_are_due_at_a_multiple_of_the_streams_own_pace()
    {
        var time = new StoppedTime();
        var pace = new ReplayPace(10, time);

        Assert.Equal(TimeSpan.Zero, pace.UntilDue(50_000));
        Assert.Equal(TimeSpan.FromSeconds(3), pace.UntilDue(80_000));
        time.Elapsed = TimeSpan.FromSeconds(2);
        Assert.Equal(TimeSpan.FromSeconds(1), pace.UntilDue(80_000));
        Assert.Equal(TimeSpan.FromSeconds(-1), pace.UntilDue(60_000));
    }

    [Fact]
    public void Without_a_speed_everything_is_due_at_once() => Assert.Equal(TimeSpan.Zero, new ReplayPace(null, TimeProvider.System).UntilDue(long.MaxValue));

    [Fact]
    public void The_streams_clock_never_goes_back()
    {
        var clock = new StreamClock(1_000);
        clock.AdvanceTo(5_000);
        clock.AdvanceTo(3_000);

        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(5_000), clock.GetUtcNow());
    }

    private sealed class StoppedTime : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
