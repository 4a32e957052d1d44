namespace Decisioning.Engine.Tests.Support;

/// <summary>Each look at it is a millisecond later; whoever waits goes on at once, after something else was done.</summary>
internal sealed class RestingTime(Action atRest) : TimeProvider
{
    private long _timestamp;

    public int Rests { get; private set; }

    public TimeSpan Longest { get; private set; }

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => ++_timestamp;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Rests++;
        Longest = dueTime > Longest ? dueTime : Longest;
        atRest();
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
