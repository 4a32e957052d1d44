using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Tests.Decide;

public sealed class PacingRulesTests
{
    private const long Quarter = 900_000;
    private const long Hour = 4 * Quarter;
    private const long Micros = 1_000_000;

    [Fact]
    public void Asap_releases_the_whole_budget_at_once()
    {
        CampaignSnapshot campaign = PacingCampaigns.Campaign("UTC", """{ "total": "500", "daily": "60", "pacing": "asap" }""", "2026-11-01", "2026-11-12");
        PacingAllowance allowance = PacingRules.At(campaign, campaign.From);
        Assert.Equal(500 * Micros, allowance.Total);
        Assert.Equal(60 * Micros, allowance.Daily);
    }

    [Theory]
    [InlineData("2026-11-05", 96)]
    [InlineData("2026-03-29", 92)]
    [InlineData("2026-10-25", 100)]
    public void Even_releases_a_daily_budget_by_the_quarter_hours_of_the_local_day(string date, int slots)
    {
        CampaignSnapshot campaign = PacingCampaigns.Campaign("Europe/Oslo", """{ "total": "10000", "daily": "96" }""", null, null);
        BrandCalendar calendar = campaign.Brand.Calendar;
        long start = calendar.StartOf(BrandCalendar.DayNumberOf(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture)));
        for (int slot = 0; slot < slots; slot++)
        {
            long expected = 96 * Micros * (slot + 1) / slots;
            Assert.Equal(expected, PacingRules.At(campaign, start + slot * Quarter).Daily);
            Assert.Equal(expected, PacingRules.At(campaign, start + (slot + 1) * Quarter - 1).Daily);
        }

        PacingAllowance next = PacingRules.At(campaign, start + slots * Quarter);
        Assert.Equal(96 * Micros / 96, next.Daily);
        Assert.Equal(10_000 * Micros, next.Total);
    }

    [Fact]
    public void Even_releases_a_total_without_a_daily_budget_over_the_flight()
    {
        CampaignSnapshot campaign = PacingCampaigns.Campaign("UTC", """{ "total": "960" }""", "2026-11-01", "2026-11-10");
        Assert.Equal(Micros, PacingRules.At(campaign, campaign.From).Total);
        Assert.Equal(480 * Micros, PacingRules.At(campaign, campaign.From + 5 * 24 * Hour - 1).Total);
        Assert.Equal(960 * Micros, PacingRules.At(campaign, campaign.Until - 1).Total);
        Assert.Equal(0, PacingRules.At(campaign, campaign.From - 1).Total);
    }

    [Fact]
    public void An_open_flight_does_not_pace_its_total()
    {
        CampaignSnapshot campaign = PacingCampaigns.Campaign("UTC", """{ "total": "960" }""", "2026-11-01", null);
        Assert.Equal(960 * Micros, PacingRules.At(campaign, campaign.From).Total);
    }

    [Fact]
    public void A_price_that_does_not_fit_now_fits_at_the_start_of_its_slot()
    {
        CampaignSnapshot campaign = PacingCampaigns.Campaign("UTC", """{ "daily": "96" }""", null, null);
        long midnight = PacingCampaigns.At("2026-11-05T00:00:00Z");
        PacingSpending spent = new(0, campaign.Brand.Calendar.DayOf(midnight), 3 * Micros);
        Assert.Equal(midnight + 3 * Quarter, PacingRules.EarliestFit(campaign, spent, [], Micros, midnight));
        Assert.Equal(midnight + 3 * Quarter, PacingRules.EarliestFit(campaign, spent, [], Micros / 1000, midnight));
    }

    [Fact]
    public void A_spent_day_retries_at_the_next_local_midnight()
    {
        CampaignSnapshot campaign = PacingCampaigns.Campaign("Asia/Shanghai", """{ "daily": "1", "pacing": "asap" }""", null, null);
        long noon = PacingCampaigns.At("2026-11-05T04:00:00Z");
        PacingSpending spent = new(Micros, campaign.Brand.Calendar.DayOf(noon), Micros);
        Assert.Equal(PacingCampaigns.At("2026-11-05T16:00:00Z"), PacingRules.EarliestFit(campaign, spent, [], Micros, noon));
    }

    [Fact]
    public void A_total_spent_for_good_never_retries_unless_held_money_may_come_back()
    {
        CampaignSnapshot campaign = PacingCampaigns.Campaign("UTC", """{ "total": "2", "pacing": "asap" }""", null, null);
        long now = PacingCampaigns.At("2026-11-05T04:00:00Z");
        int day = campaign.Brand.Calendar.DayOf(now);
        Assert.Null(PacingRules.EarliestFit(campaign, new PacingSpending(2 * Micros, day, 0), [], Micros, now));
        PacingHold[] holds = [new(now + 1000, Micros / 2), new(now + 5000, Micros / 2)];
        Assert.Equal(now + 5000, PacingRules.EarliestFit(campaign, new PacingSpending(Micros, day, 0), holds, Micros, now));
    }

    [Fact]
    public void Nothing_is_promised_for_after_the_flight()
    {
        CampaignSnapshot campaign = PacingCampaigns.Campaign("UTC", """{ "daily": "1", "pacing": "asap" }""", "2026-11-01", "2026-11-05");
        long now = campaign.Until - Hour;
        Assert.Null(PacingRules.EarliestFit(campaign, new PacingSpending(Micros, campaign.Brand.Calendar.DayOf(now), Micros), [], Micros, now));
    }

    /// <summary>Every instant at which anything can change is tried, with the definition of fitting written out.</summary>
    [Fact]
    public void The_earliest_fit_is_the_one_that_trying_every_instant_finds()
    {
        string[] budgets =
        [
            """{ "total": "40" }""", """{ "daily": "20" }""", """{ "total": "40", "daily": "20" }""", """{ "total": "30", "daily": "20", "pacing": "asap" }""", "{}",
        ];
        Random random = new(20_261_105);
        int found = 0, refused = 0;
        for (int round = 0; round < 400; round++)
        {
            string zone = random.Next(2) == 0 ? "Europe/Oslo" : "Asia/Shanghai";
            (string? from, string? to) = random.Next(3) switch { 0 => ((string?)null, (string?)null), 1 => ("2026-10-24", null), _ => ("2026-10-24", "2026-10-27") };
            CampaignSnapshot campaign = PacingCampaigns.Campaign(zone, budgets[random.Next(budgets.Length)], from, to);
            long now = PacingCampaigns.At("2026-10-24T02:00:00Z") + random.NextInt64(60 * Hour);
            PacingSpending spent = new(random.Next(45) * Micros, campaign.Brand.Calendar.DayOf(now), random.Next(25) * Micros);
            PacingHold[] holds =
            [
                .. Enumerable.Range(0, random.Next(4)).Select(_ => new PacingHold(now + 1 + random.NextInt64(18 * Hour), random.Next(1, 8) * Micros)).OrderBy(h => h.Until),
            ];
            long price = random.Next(1, 25) * Micros;

            long? expected = TryEveryInstant(campaign, spent, holds, price, now);
            Assert.Equal(expected, PacingRules.EarliestFit(campaign, spent, holds, price, now));
            found += expected is null ? 0 : 1;
            refused += expected is null ? 1 : 0;
        }

        Assert.True(found > 50 && refused > 50, $"{found} found, {refused} refused");
    }

    private static long? TryEveryInstant(CampaignSnapshot campaign, PacingSpending spent, PacingHold[] holds, long price, long now)
    {
        SortedSet<long> instants = [now, .. holds.Select(h => h.Until)];
        BrandCalendar calendar = campaign.Brand.Calendar;
        for (int day = spent.Day; day < spent.Day + 6; day++)
        {
            for (long slot = calendar.StartOf(day); slot < calendar.StartOf(day + 1); slot += Quarter)
            {
                instants.Add(slot);
            }
        }

        return instants.Where(at => at >= now && at < campaign.Until && Fits(campaign, spent, holds, price, at)).Select(at => (long?)at).FirstOrDefault();
    }

    private static bool Fits(CampaignSnapshot campaign, PacingSpending spent, PacingHold[] holds, long price, long at)
    {
        long held = holds.Where(h => h.Until > at).Sum(h => h.Amount);
        PacingAllowance allowance = PacingRules.At(campaign, at);
        long today = allowance.Day == spent.Day ? spent.Today : 0;
        return price <= allowance.Room(new PacingSpending(spent.Total, allowance.Day, today), held);
    }
}
