namespace Decisioning.Api.Watch;

/// <summary>When the next frame of something may be sent: a beat after the one before. A look that comes late does not push back those after it.</summary>
internal sealed class FramePace(TimeProvider clock)
{
    private long _due = clock.GetTimestamp() + Ticks(WatchBounds.Beat, clock);

    public bool IsDue => clock.GetTimestamp() >= _due;

    /// <summary>A frame was sent.</summary>
    public void Sent() => _due = Math.Max(_due, clock.GetTimestamp() - Ticks(WatchBounds.Look, clock)) + Ticks(WatchBounds.Beat, clock);

    private static long Ticks(TimeSpan span, TimeProvider clock) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
