namespace Decisioning.Cluster.Tests.Support;

/// <summary>Time that stands until it is moved; a timer fires, on the mover's thread, as it passes its instant.</summary>
internal sealed class StandingTime : TimeProvider
{
    private readonly List<Waiting> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waiting timer = new(this, callback, state, _now + dueTime.Ticks);
        _timers.Add(timer);
        return timer;
    }

    public void Pass(TimeSpan by)
    {
        _now += by.Ticks;
        foreach (Waiting timer in _timers.Where(t => t.Due <= _now).ToArray())
        {
            _timers.Remove(timer);
            timer.Fire();
        }
    }

    private sealed class Waiting(StandingTime time, TimerCallback callback, object? state, long due) : ITimer
    {
        public long Due => due;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
