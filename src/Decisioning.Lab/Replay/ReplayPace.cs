namespace Decisioning.Lab.Replay;

/// <summary>Lets events through at a multiple of the stream's own pace, counted from the first one asked for.</summary>
internal sealed class ReplayPace(double? speed, TimeProvider time)
{
    private long _started;
    private long _first;
    private bool _running;

    /// <summary>When the event is due: in so long from now; zero or less where it already is.</summary>
    public TimeSpan UntilDue(long occurredAt)
    {
        if (speed is not { } times)
        {
            return TimeSpan.Zero;
        }

        if (!_running)
        {
            _running = true;
            _started = time.GetTimestamp();
            _first = occurredAt;
        }

        return TimeSpan.FromMilliseconds((occurredAt - _first) / times) - time.GetElapsedTime(_started);
    }

    /// <summary>Waits until the event is due.</summary>
    public async ValueTask WaitAsync(long occurredAt, CancellationToken stop)
    {
        TimeSpan wait = UntilDue(occurredAt);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, stop);
        }
    }
}
