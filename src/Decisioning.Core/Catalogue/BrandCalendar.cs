namespace Decisioning.Core.Catalogue;

/// <summary>
/// Calendar days in a brand's time zone. Instants are milliseconds since the Unix epoch (UTC); days are counted from 1970-01-01 in local time.
/// </summary>
public sealed class BrandCalendar(TimeZoneInfo zone)
{
    public const long MillisecondsPerDay = 86_400_000;

    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>The local calendar day that contains the instant.</summary>
    public int DayOf(long instant)
    {
        long local = instant + OffsetAt(instant);
        return (int)Math.DivRem(local, MillisecondsPerDay, out long rest) - (rest < 0 ? 1 : 0);
    }

    /// <summary>The first instant of a local day; where the clocks skip midnight, the first instant that exists.</summary>
    public long StartOf(int day)
    {
        long local = day * MillisecondsPerDay;
        long guess = local - OffsetAt(local);
        long start = local - OffsetAt(guess);
        // Around a change of clocks the guess can be off by the change: settle on the earliest instant of the day.
        while (DayOf(start - 1) >= day)
        {
            start -= 900_000;
        }

        while (DayOf(start) < day)
        {
            start += 60_000;
        }

        return start;
    }

    private long OffsetAt(long instant) => (long)Zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(instant)).TotalMilliseconds;
}
