namespace Decisioning.Engine;

/// <summary>The host's time in ms since the Unix epoch: never behind what it said before, even where the machine's clock is set back.</summary>
internal sealed class HostClock(TimeProvider time)
{
    private long _latest = long.MinValue;

    public TimeProvider Time { get; } = time;

    public long Now
    {
        get
        {
            long now = Time.GetUtcNow().ToUnixTimeMilliseconds();
            long latest = Volatile.Read(ref _latest);
            while (now > latest)
            {
                long seen = Interlocked.CompareExchange(ref _latest, now, latest);
                if (seen == latest)
                {
                    return now;
                }

                latest = seen;
            }

            return latest;
        }
    }
}
