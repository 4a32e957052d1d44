namespace Decisioning.Api.Access;

/// <summary>
/// A token bucket in one word: it keeps the instant at which it will be full again, and a request moves that instant on by its share.
/// Lock-free; safe for any number of threads.
/// </summary>
/// <param name="perSecond">Requests a second in the long run, above 0.</param>
/// <param name="burst">Requests at once after a rest, 1 or more.</param>
/// <param name="clock">Measures elapsed time.</param>
public sealed class RateBucket(double perSecond, int burst, TimeProvider clock)
{
    private readonly long _share = Math.Max(1, (long)(clock.TimestampFrequency / perSecond));
    private long _fullAt = long.MinValue;

    /// <summary>Takes one request; false where there is no room, with the time after which there is.</summary>
    public bool TryTake(out TimeSpan retryAfter)
    {
        long now = clock.GetTimestamp();
        while (true)
        {
            long before = Volatile.Read(ref _fullAt);
            long after = Math.Max(before, now) + _share;
            long wait = after - now - _share * burst;
            if (wait > 0)
            {
                retryAfter = TimeSpan.FromSeconds((double)wait / clock.TimestampFrequency);
                return false;
            }

            if (Interlocked.CompareExchange(ref _fullAt, after, before) == before)
            {
                retryAfter = TimeSpan.Zero;
                return true;
            }
        }
    }
}
