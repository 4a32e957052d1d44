using System.Globalization;

namespace Decisioning.Engine.Tests.Support;

/// <summary>A clock that a test sets. Its timers never go off: what a host does at its beats, the test asks for.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _now = At("2026-11-05T12:30:00Z");

    /// <summary>Ms since the Unix epoch.</summary>
    public long Now
    {
        get => Volatile.Read(ref _now);
        set => Volatile.Write(ref _now, value);
    }

    public static long At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Silent();

    private sealed class Silent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
