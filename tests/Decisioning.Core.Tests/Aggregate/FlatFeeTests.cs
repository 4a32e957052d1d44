using System.Globalization;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Tests.Decide;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Aggregate;

/// <summary>How a flat price is booked by days.</summary>
public sealed class FlatFeeTests
{
    /// <summary>Also such whose days begin within an hour.</summary>
    private static readonly string[] Zones = ["America/New_York", "UTC", "Asia/Kolkata", "Asia/Shanghai", "Australia/Lord_Howe"];

    [Fact]
    public void However_seldom_it_is_booked_each_day_takes_an_equal_part_and_all_days_the_fee()
    {
        foreach (int seed in Enumerable.Range(1, 200))
        {
            Random random = new(seed);
            DateOnly from = new DateOnly(2026, 1, 1).AddDays(random.Next(400));
            int days = random.Next(1, 60);
            long fee = random.Next(4) == 0 ? random.Next(1, 50) : random.NextInt64(1, 1_000_000_000_000);
            CampaignSnapshot campaign = Flat(Zones[seed % Zones.Length], fee, from, from.AddDays(days - 1));
            BrandTotals totals = new();
            BrandCalendar calendar = campaign.Brand.Calendar;
            Dictionary<int, long> byDay = [];
            Assert.False(totals.BookFee(campaign, campaign.From - 1, All));
            for (long now = campaign.From + Worlds.Hour; now < campaign.Until + 6 * Worlds.Day; now += random.NextInt64(1, 4 * Worlds.Day))
            {
                long before = totals.FeeOf(campaign.Symbol)?.BookedMicros ?? 0;
                totals.BookFee(campaign, now, All);
                int begun = Math.Min(days, calendar.DayOf(HourOf(now)) - calendar.DayOf(campaign.From) + 1);

                // Whole micros: what does not divide is with the last days.
                long expected = fee / days * begun + Math.Max(0, begun - (days - fee % days));
                long booked = totals.FeeOf(campaign.Symbol)?.BookedMicros ?? 0;
                Assert.Equal(expected, booked);
                byDay[calendar.DayOf(HourOf(now))] = byDay.GetValueOrDefault(calendar.DayOf(HourOf(now))) + booked - before;
                Assert.False(totals.BookFee(campaign, now, All));
            }

            // In the hours of the days on which it was booked, as histories have them.
            Assert.Equal(fee, byDay.Values.Sum());
            Assert.Equal(
                byDay.Where(static d => d.Value != 0).OrderBy(static d => d.Key),
                totals.Rows().GroupBy(r => calendar.DayOf(r.Hour), static r => r.Value("fees")).Select(static d => KeyValuePair.Create(d.Key, d.Sum())));
            Assert.Equal(fee, totals.Rows().Sum(static r => r.Value("spend")));
        }
    }

    [Fact]
    public void A_fee_or_a_flight_that_changes_on_the_way_still_ends_at_the_fee_and_takes_nothing_back()
    {
        foreach (int seed in Enumerable.Range(1, 200))
        {
            Random random = new(seed);
            DateOnly from = new(2026, 3, 1);
            BrandTotals totals = new();
            long before = 0, fee = 0;
            CampaignSnapshot campaign = null!;
            for (int day = 0; day < 30; day++)
            {
                if (day % 7 == 0)
                {
                    fee = random.NextInt64(1_000);
                    campaign = Flat("UTC", fee, from, from.AddDays(random.Next(30)));
                }

                totals.BookFee(campaign, campaign.From + day * Worlds.Day, All);
                long booked = totals.FeeOf(campaign.Symbol)?.BookedMicros ?? 0;
                Assert.InRange(booked, before, Math.Max(before, fee));
                before = booked;
            }

            totals.BookFee(campaign, campaign.From + 60 * Worlds.Day, All);
            Assert.Equal(Math.Max(before, fee), totals.FeeOf(campaign.Symbol)?.BookedMicros ?? 0);
        }
    }

    [Fact]
    public void What_is_not_billed_stays_due_to_the_days_that_are_left_and_then_to_any()
    {
        CampaignSnapshot campaign = Flat("UTC", 100, new(2026, 3, 1), new(2026, 3, 4));
        int first = campaign.Brand.Calendar.DayOf(campaign.From);
        BrandTotals totals = new();
        Assert.True(totals.BookFee(campaign, campaign.From, static (_, _, _) => 10));
        Assert.True(totals.BookFee(campaign, campaign.From + Worlds.Day, All));
        Assert.Equal(new FeeLine(40, first + 1, 30), totals.FeeOf(campaign.Symbol));
        Assert.False(totals.BookFee(campaign, campaign.Until + Worlds.Day, static (_, _, _) => 0));
        Assert.True(totals.BookFee(campaign, campaign.Until + 2 * Worlds.Day, static (_, _, _) => 1));
        Assert.True(totals.BookFee(campaign, campaign.Until + 2 * Worlds.Day, All));
        Assert.Equal(new FeeLine(100, first + 6, 60), totals.FeeOf(campaign.Symbol));
    }

    [Fact]
    public void Parts_merge_and_the_form_is_read_back_that_of_older_hours_too()
    {
        CampaignSnapshot campaign = Flat("UTC", 90, new(2026, 3, 1), new(2026, 3, 3));
        BrandTotals one = new(), other = new(), same = new();
        one.BookFee(campaign, campaign.From, All);
        byte[] form = FormOf(one);
        Assert.Equal(form, FormOf(BrandTotals.Read(form)));
        other.BookFee(campaign, campaign.From + Worlds.Day, static (_, _, _) => 7);
        same.BookFee(campaign, campaign.From + Worlds.Day, static (_, _, _) => 2);
        int first = campaign.Brand.Calendar.DayOf(campaign.From);
        Assert.Equal(new FeeLine(30, first, 30), one.FeeOf(campaign.Symbol));
        one.Merge(other);
        Assert.Equal(new FeeLine(37, first + 1, 7), one.FeeOf(campaign.Symbol));
        one.Merge(same);
        Assert.Equal(new FeeLine(39, first + 1, 9), one.FeeOf(campaign.Symbol));

        // Version 1 of an hour had a sum less.
        ByteWriter row = new();
        new HourRow(0).Write(row);
        byte[] hour = [1, .. row.Written[1..3], (byte)(row.Written[3] - 1), .. row.Written[5..]];
        ByteReader from = new(hour);
        Assert.Equal(0, HourRow.Read(ref from).Value("fees"));
        Assert.True(from.AtEnd && !from.Failed);
    }

    private static long All(CampaignSnapshot campaign, int day, long due) => due;

    private static long HourOf(long now) => now - now % Worlds.Hour;

    private static byte[] FormOf(BrandTotals totals)
    {
        ByteWriter to = new();
        totals.Write(to);
        return to.Written.ToArray();
    }

    private static CampaignSnapshot Flat(string zone, long micros, DateOnly from, DateOnly to)
    {
        string amount = (micros / 1e6m).ToString("0.000000", CultureInfo.InvariantCulture);
        return PacingCampaigns.Flat(zone, amount, $"{from:yyyy-MM-dd}", $"{to:yyyy-MM-dd}");
    }
}
