using System.Globalization;

namespace Decisioning.Conformance;

/// <summary>A clock whose instant a test sets; its timers and time stamps are the machine's.</summary>
public sealed class ConformanceClock : TimeProvider
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
}
