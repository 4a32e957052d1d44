namespace Decisioning.Benchmarks.Known;

/// <summary>The system's time, some days on; its timers and timestamps are the system's own.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _ticks));

    /// <summary>From now on it is later by so much more.</summary>
    public void Shift(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
