using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>Days in a zone against a recount, minute by minute, from the framework's own offsets.</summary>
public class BrandCalendarTests
{
    private const long Minute = Durations.Minute;

    [Theory]
    [InlineData("UTC", 2024, 2024)]
    [InlineData("Asia/Kolkata", 2024, 2024)]
    [InlineData("Asia/Shanghai", 1986, 1987)]
    [InlineData("Europe/Berlin", 2024, 2024)]
    [InlineData("America/New_York", 2024, 2024)]
    [InlineData("Australia/Lord_Howe", 2024, 2024)]
    [InlineData("America/Sao_Paulo", 2017, 2019)]
    [InlineData("Asia/Beirut", 2022, 2023)]
    [InlineData("Africa/Cairo", 2010, 2010)]
    [InlineData("America/St_Johns", 2010, 2011)]
    [InlineData("Pacific/Apia", 2011, 2012)]
    [InlineData("America/Havana", 2024, 2024)]
    public void Starts_and_days_agree_with_a_recount(string id, int fromYear, int toYear)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        BrandCalendar calendar = new(zone);
        long instant = Instant(fromYear, 1, 1);
        long end = Instant(toYear + 1, 1, 1);
        int furthest = RecountedDay(zone, instant);
        for (instant += Minute; instant < end; instant += Minute)
        {
            int day = RecountedDay(zone, instant);
            Assert.Equal(day, calendar.DayOf(instant));
            if (day <= furthest)
            {
                continue;
            }

            // The first minute of a new day; where days are skipped, they all start here.
            for (int started = furthest + 1; started <= day; started++)
            {
                Assert.Equal(instant, calendar.StartOf(started));
            }

            furthest = day;
        }
    }

    [Fact]
    public void A_zone_that_skips_midnight_starts_its_day_late()
    {
        BrandCalendar calendar = new(TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo"));
        int day = BrandCalendar.DayNumberOf(new DateOnly(2018, 11, 4));
        Assert.Equal(DateTimeOffset.Parse("2018-11-04T01:00:00-02:00").ToUnixTimeMilliseconds(), calendar.StartOf(day));
    }

    [Fact]
    public void Days_before_the_epoch_count_down()
    {
        BrandCalendar calendar = new(TimeZoneInfo.Utc);
        Assert.Equal((-1, 0, -1), (calendar.DayOf(-1), calendar.DayOf(0), calendar.DayOf(-BrandCalendar.MillisecondsPerDay)));
        Assert.Equal(-BrandCalendar.MillisecondsPerDay, calendar.StartOf(-1));
    }

    [Fact]
    public void Every_zone_of_the_system_agrees_with_a_recount()
    {
        foreach (TimeZoneInfo zone in TimeZoneInfo.GetSystemTimeZones())
        {
            BrandCalendar calendar = new(zone);
            for (long instant = Instant(2000, 1, 1); instant < Instant(2040, 1, 1); instant += 7 * BrandCalendar.MillisecondsPerDay + Durations.Hour)
            {
                Assert.True(RecountedDay(zone, instant) == calendar.DayOf(instant), $"{zone.Id} {DateTimeOffset.FromUnixTimeMilliseconds(instant):O}");
            }
        }
    }

    private static int RecountedDay(TimeZoneInfo zone, long instant)
    {
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(instant);
        return BrandCalendar.DayNumberOf(DateOnly.FromDateTime(at.UtcDateTime + zone.GetUtcOffset(at)));
    }

    private static long Instant(int year, int month, int day) => new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
