namespace Decisioning.Core.Catalogue;

/// <summary>
/// Calendar days in a brand's time zone. Instants are milliseconds since the Unix epoch (UTC); days are counted from 1970-01-01 in local time.
/// Changes of the clocks are known from 1970 to 2100; before and after, the offset at that edge holds.
/// </summary>
public sealed class BrandCalendar
{
    public const long MillisecondsPerDay = 86_400_000;

    private const long TableEnd = 130L * 365 * MillisecondsPerDay + 32 * MillisecondsPerDay;
    private const long ProbeStep = 3 * MillisecondsPerDay;
    private const long MaxOffset = 15 * 3_600_000;

    private static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    // Offset n holds from start n to start n+1; the first start is the beginning of time.
    private readonly long[] _starts;
    private readonly long[] _offsets;

    /// <param name="zone">The brand's zone; its changes of the clocks are read once, here.</param>
    public BrandCalendar(TimeZoneInfo zone)
    {
        Zone = zone;
        List<long> starts = [long.MinValue];
        List<long> offsets = [OffsetOf(zone, 0)];
        for (long instant = 0; instant < TableEnd; instant += ProbeStep)
        {
            long next = instant + ProbeStep;
            long offset = OffsetOf(zone, next);
            if (offset != offsets[^1])
            {
                starts.Add(ChangeBetween(zone, instant, next));
                offsets.Add(offset);
            }
        }

        _starts = [.. starts];
        _offsets = [.. offsets];
    }

    public TimeZoneInfo Zone { get; }

    /// <summary>The number of a calendar date: days since 1970-01-01, negative before.</summary>
    public static int DayNumberOf(DateOnly date) => date.DayNumber - EpochDay;

    /// <summary>The local calendar day that contains the instant.</summary>
    public int DayOf(long instant)
    {
        long local = instant + _offsets[SegmentOf(instant)];
        return (int)Math.DivRem(local, MillisecondsPerDay, out long rest) - (rest < 0 ? 1 : 0);
    }

    /// <summary>
    /// The first instant at which the local date is this day: where the clocks skip midnight, the first instant that exists; where they skip the
    /// whole day, the first instant after it.
    /// </summary>
    public long StartOf(int day)
    {
        long midnight = day * MillisecondsPerDay;
        int segment = SegmentOf(midnight - MaxOffset);
        while (true)
        {
            long start = Math.Max(_starts[segment], midnight - _offsets[segment]);
            if (segment == _starts.Length - 1 || start < _starts[segment + 1])
            {
                return start;
            }

            segment++;
        }
    }

    private int SegmentOf(long instant)
    {
        int found = Array.BinarySearch(_starts, instant);
        return found >= 0 ? found : ~found - 1;
    }

    private static long ChangeBetween(TimeZoneInfo zone, long before, long after)
    {
        long old = OffsetOf(zone, before);
        while (after - before > 1)
        {
            long middle = before + (after - before) / 2;
            if (OffsetOf(zone, middle) == old)
            {
                before = middle;
            }
            else
            {
                after = middle;
            }
        }

        return after;
    }

    private static long OffsetOf(TimeZoneInfo zone, long instant) =>
        (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(instant)).TotalMilliseconds;
}
