namespace Decisioning.Lab.Replay;

/// <summary>A clock that stands where the stream is: moved on to each event's instant, never back. Timers run in real time.</summary>
internal sealed class StreamClock(long start) : TimeProvider
{
    private long _now = start;

    /// <summary>Ms since the Unix epoch.</summary>
    public long Now => Volatile.Read(ref _now);

    public void AdvanceTo(long instant) => Volatile.Write(ref _now, Math.Max(_now, instant));

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);
}
