using Decisioning.Cluster.Books;
using Decisioning.Cluster.Money;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.BrandBooks;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Conformance;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Engine;
using Decisioning.Engine.Catalogues;

namespace Decisioning.Cluster.Tests.Money;

public sealed class BudgetTests
{
    private const long Unit = 1_000_000;
    private const long DayMs = 86_400_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{ \"total\": \"30\", \"pacing\": \"asap\" }", 30, long.MaxValue)]
    [InlineData("{ \"daily\": \"11\", \"pacing\": \"asap\" }", long.MaxValue, 11)]
    [InlineData("{ \"total\": \"40\", \"daily\": \"13\", \"pacing\": \"asap\" }", 40, 13)]
    [InlineData("{ \"total\": \"40\", \"daily\": \"192\", \"pacing\": \"even\" }", 40, 192)]
    public async Task Whatever_happens_three_silos_never_spend_more_than_the_budget_and_can_spend_the_last_whole_impression(string budget, long total, long daily)
    {
        for (int seed = 1; seed <= 36; seed++)
        {
            BooksWorld world = await new BooksWorld(seed, budget).OpenAsync();
            world.Unreliable = true;
            for (int step = 0; step < 500; step++)
            {
                await world.StepAsync();
                world.Time.Now += world.Random.Next(40) == 0 ? world.Random.NextInt64(8 * 3_600_000) : 0;
                await RequireWithinAsync(world, total, daily);
            }

            // Nothing is held any more and every silo has given back what it had; then they spend what is left.
            await world.SettleAsync(giveBack: true);
            world.Time.Now = NoonIn(world, 2);
            await world.SettleAsync(giveBack: true);
            long before = await SpentAsync(world, null);
            Assert.True(world.Book.Money.LentOf(world.Campaign.Symbol) == 0, $"Seed {seed}: {world.Book.Money.LentOf(world.Campaign.Symbol)} is still lent.");
            for (int round = 0; round < 200; round++)
            {
                foreach (TestSilo silo in world.All)
                {
                    await world.DecideAsync(silo, confirm: true);
                    world.Time.Now += 250;
                    await silo.Books.ReportAllAsync(settle: false);
                }
            }

            await RequireWithinAsync(world, total, daily);
            long today = await SpentAsync(world, world.Current.Brands[0].Calendar.DayOf(world.Clock.Now));
            Assert.True(Left(world, before, total, daily) == today, $"Seed {seed}: {today} of {Left(world, before, total, daily)} spent, {world.Book.Money.LentOf(world.Campaign.Symbol)} lent.");
        }
    }

    [Fact]
    public async Task What_a_flat_price_took_is_lent_to_nobody_also_by_a_book_that_comes_after()
    {
        BooksWorld world = await new BooksWorld(1).OpenAsync();
        world.Put(Documents.Flat("12.00", "2026-11-04", "2026-11-06"));
        await world.Book.FollowAsync(Cancelled);
        await world.Book.FollowAsync(Cancelled);
        Assert.Equal(8 * Unit, world.Book.Money.SpendingOf(BooksWorld.Brand, world.Campaign.Symbol).Total);
        await world.Book.WriteAsync(Cancelled);
        BrandBook again = world.NewBook();
        await again.LoadAsync(Cancelled);
        Assert.Equal(8 * Unit, again.Money.SpendingOf(BooksWorld.Brand, world.Campaign.Symbol).Total);
        Assert.Equal(8 * Unit, again.Totals.FeeOf(world.Campaign.Symbol)?.BookedMicros);

        // By impression from now on, with room for one.
        world.Put(Documents.Simple(budget: "{ \"total\": \"9.00\", \"pacing\": \"asap\" }"));
        int shown = 0;
        for (int round = 0; round < 20; round++)
        {
            foreach (TestSilo silo in world.All)
            {
                shown += await world.DecideAsync(silo, confirm: true) ? 1 : 0;
                world.Time.Now += 250;
                await silo.Books.ReportAllAsync(settle: false);
            }
        }

        Assert.Equal(1, shown);
        Assert.Equal(9 * Unit, world.Book.Money.SpendingOf(BooksWorld.Brand, world.Campaign.Symbol).Total);
    }

    [Fact]
    public async Task A_dead_silos_block_comes_back_when_its_epoch_is_closed_and_read()
    {
        BooksWorld world = await new BooksWorld(1, "{ \"total\": \"8\", \"pacing\": \"asap\" }").OpenAsync();
        TestSilo dead = world.All[0];
        await dead.Books.ReportAllAsync(settle: false);
        long lent = world.Book.Money.LentOf(world.Campaign.Symbol);
        Assert.True(lent > 0);
        Assert.True(await world.DecideAsync(dead, confirm: true));
        await world.Store.CloseEpochAsync(dead.Epoch, Cancelled);
        await world.Book.FollowAsync(Cancelled);
        Assert.Equal(lent, world.Book.Money.LentOf(world.Campaign.Symbol));
        await world.ReadAsync(Cancelled);
        await world.Book.FollowAsync(Cancelled);
        Assert.Equal(0, world.Book.Money.LentOf(world.Campaign.Symbol));
        Assert.Equal(Unit, world.Book.Money.SpendingOf(BooksWorld.Brand, world.Campaign.Symbol).Total);
    }

    [Fact]
    public async Task What_a_silo_was_lent_is_remembered_by_the_book_that_comes_after()
    {
        BooksWorld world = await new BooksWorld(2, "{ \"total\": \"8\", \"pacing\": \"asap\" }").OpenAsync();
        await world.All[0].Books.ReportAllAsync(settle: false);
        long lent = world.Book.Money.LentOf(world.Campaign.Symbol);
        BrandBook again = world.NewBook();
        await again.LoadAsync(Cancelled);
        Assert.True(lent > 0);
        Assert.Equal(lent, again.Money.LentOf(world.Campaign.Symbol));
    }

    [Fact]
    public void A_block_that_is_too_small_for_one_more_asks_for_all_of_one_where_it_gives_back_what_it_has()
    {
        CampaignBlock block = new(0, static () => { });
        block.Hear(new LoanAnswer(1, Unit / 2, 0, true, 0, null));
        Assert.NotEqual(default, block.Check(Unit, 0));
        Assert.Equal(new LoanReport(1, Unit / 2, 0, 0, Unit), block.Report(1, Unit, 0, always: false));
    }

    [Fact]
    public async Task A_silo_whose_money_is_out_asks_for_more_before_its_next_beat_and_not_where_none_is_to_be_had()
    {
        BooksWorld world = await new BooksWorld(3, "{ \"daily\": \"10\", \"pacing\": \"asap\" }").OpenAsync();
        TestSilo silo = world.All[0];
        int asked = 0;
        silo.Market.Hungry = _ => asked++;
        int spent = 0;
        do
        {
            while (await world.DecideAsync(silo, confirm: true))
            {
                spent++;
            }

            Assert.True(asked > 0);
            await silo.Books.ReportAllAsync(settle: false);
        }
        while (silo.Market.Check(world.Campaign, world.Clock.Now) == default);

        // The day's budget is spent to its last whole impression: the answer stands until tomorrow.
        Assert.Equal(10, spent);
        asked = 0;
        Assert.False(await world.DecideAsync(silo, confirm: true));
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task A_refusal_says_why_and_until_when()
    {
        BooksWorld world = await new BooksWorld(3, "{ \"daily\": \"1\", \"pacing\": \"asap\" }").OpenAsync();
        TestSilo silo = world.All[0];
        MarketAnswer first = silo.Market.Check(world.Campaign, world.Clock.Now);
        Assert.Equal((MarketRefusal.Pacing, true), (first.Refusal, first.RetryAt > world.Clock.Now));
        await silo.Books.ReportAllAsync(settle: false);
        Assert.Equal(default, silo.Market.Check(world.Campaign, world.Clock.Now));
        Assert.True(await world.DecideAsync(silo, confirm: true));
        Assert.NotEqual(default, silo.Market.Check(world.Campaign, world.Clock.Now));
        await silo.Books.ReportAllAsync(settle: false);
        BrandCalendar calendar = world.Current.Brands[0].Calendar;
        long tomorrow = calendar.StartOf(calendar.DayOf(world.Clock.Now) + 1);
        Assert.Equal(new MarketAnswer(MarketRefusal.Budget, tomorrow), silo.Market.Check(world.Campaign, world.Clock.Now));
        world.Time.Now = tomorrow;
        await silo.Books.ReportAllAsync(settle: false);
        Assert.Equal(default, silo.Market.Check(world.Campaign, world.Clock.Now));
    }

    [Fact]
    public async Task A_hold_of_another_silo_is_paid_once_and_comes_back_there()
    {
        BooksWorld world = await new BooksWorld(4, "{ \"total\": \"20\", \"pacing\": \"asap\" }").OpenAsync();
        (TestSilo a, TestSilo b) = (world.All[0], world.All[1]);
        await a.Books.ReportAllAsync(settle: false);
        long lentThere = world.Book.Money.LentOf(world.Campaign.Symbol);
        await b.Books.ReportAllAsync(settle: false);
        long lentHere = world.Book.Money.LentOf(world.Campaign.Symbol) - lentThere;
        long now = world.Clock.Now, end = now + 10_000;
        Assert.True(a.Market.TryHold(world.Campaign, Unit, now, end));
        Assert.True(b.Market.TryChargeHeld(BooksWorld.Brand, world.Campaign.Symbol, Unit, end, now));
        world.Time.Now = end + 2_000;
        LoanReport there = Assert.Single(a.Market.Settle(BooksWorld.Brand));
        LoanReport here = Assert.Single(b.Market.Settle(BooksWorld.Brand));
        Assert.Equal((0, 0), (there.Held, here.Held));
        Assert.Equal((lentThere, lentHere - Unit), (there.Returned, here.Returned));
    }

    [Theory]
    [InlineData("cpm", EventType.Impression, "{ \"total\": \"20\", \"pacing\": \"asap\" }")]
    [InlineData("cpm", EventType.Impression, "{ \"total\": \"20000\", \"pacing\": \"even\" }")]
    [InlineData("cpc", EventType.Click, "{ \"total\": \"20000\", \"pacing\": \"asap\" }")]
    public async Task An_outcome_on_a_silo_whose_block_is_empty_is_paid_out_of_what_is_left_of_the_budget(string model, EventType outcome, string budget)
    {
        BooksWorld world = await new BooksWorld(5, budget, model).OpenAsync();
        (TestSilo a, TestSilo b) = (world.All[0], world.All[1]);
        await a.Books.ReportAllAsync(settle: false);
        Assert.True(await world.DecideAsync(a, confirm: false));
        Assert.True(await world.TrackNewestAsync(b, outcome));
        Assert.Equal(world.Campaign.UnitPriceMicros, await SpentAsync(world, null));
        Assert.True(await world.TrackNewestAsync(b, outcome));
        Assert.Equal((world.Campaign.UnitPriceMicros, 1), (await SpentAsync(world, null), world.Claims));
    }

    [Fact]
    public async Task An_outcome_is_paid_by_its_hold_on_another_silo_where_the_budget_has_nothing_else_left()
    {
        BooksWorld world = await new BooksWorld(6, "{ \"total\": \"1\", \"pacing\": \"asap\" }").OpenAsync();
        (TestSilo a, TestSilo b) = (world.All[0], world.All[1]);
        await a.Books.ReportAllAsync(settle: false);
        Assert.True(await world.DecideAsync(a, confirm: false));
        Assert.Equal(MarketRefusal.Pacing, b.Market.Check(world.Campaign, world.Clock.Now).Refusal);
        Assert.True(await world.TrackNewestAsync(b, EventType.Impression));
        Assert.Equal(Unit, await SpentAsync(world, null));
        Assert.Equal(0, Assert.Single(a.Market.Report(BooksWorld.Brand, always: true)).Held);
        await world.SettleAsync(giveBack: false);
        Assert.Equal((Unit, 0), (world.Book.Money.SpendingOf(BooksWorld.Brand, world.Campaign.Symbol).Total, world.Book.Money.LentOf(world.Campaign.Symbol)));
        Assert.False(await world.DecideAsync(a, confirm: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outcomes_on_whatever_silo_are_paid_by_their_holds_and_never_beyond_the_budget(bool unreliable)
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            BooksWorld world = await new BooksWorld(seed, "{ \"total\": \"25\", \"pacing\": \"asap\" }").OpenAsync();
            world.Unreliable = unreliable;
            long live = 0, due = 0;
            for (int step = 0; step < 400; step++)
            {
                TestSilo silo = world.All[world.Random.Next(BooksWorld.Silos)];
                world.Time.Now += world.Random.Next(30) == 0 ? world.Campaign.Brand.Rules.ReserveMs + 2_000 : world.Random.Next(300);
                switch (world.Random.Next(3))
                {
                    case 0:
                        await silo.Books.ReportAllAsync(settle: false);
                        break;
                    case 1:
                        live = await world.DecideAsync(silo, confirm: false) ? world.Clock.Now + world.Campaign.Brand.Rules.ReserveMs : live;
                        break;
                    default:
                        due += world.Clock.Now < live && await world.TrackNewestAsync(silo, EventType.Impression) ? Unit : 0;
                        live = 0;
                        break;
                }
            }

            long spent = await SpentAsync(world, null);
            Assert.True(unreliable ? spent <= 25 * Unit : spent == due, $"Seed {seed}: {spent} spent of {due} due.");
            Assert.True(due > 20 * Unit && world.Claims > 0, $"Seed {seed}: {due} due, {world.Claims} claims.");
        }
    }

    [Fact]
    public async Task Clicks_that_the_budget_cannot_pay_are_recorded_and_ask_once_a_second()
    {
        BooksWorld world = await new BooksWorld(7, "{ \"total\": \"1000\", \"pacing\": \"asap\" }", "cpc").OpenAsync();
        (TestSilo a, TestSilo b) = (world.All[0], world.All[1]);
        await a.Books.ReportAllAsync(settle: false);
        Assert.True(await world.DecideAsync(a, confirm: false));
        Assert.True(await world.TrackNewestAsync(a, EventType.Click));
        Assert.Equal((world.Campaign.UnitPriceMicros, 0), (await SpentAsync(world, null), world.Claims));
        for (int click = 0; click < 5; click++)
        {
            Assert.True(await world.TrackAnewAsync(b, EventType.Click));
        }

        Assert.Equal((world.Campaign.UnitPriceMicros, 1), (await SpentAsync(world, null), world.Claims));
        world.Time.Now += 1_000;
        Assert.True(await world.TrackAnewAsync(b, EventType.Click));
        Assert.Equal((world.Campaign.UnitPriceMicros, 2), (await SpentAsync(world, null), world.Claims));
    }

    private static async Task RequireWithinAsync(BooksWorld world, long total, long daily)
    {
        Dictionary<int, long> days = [];
        foreach (EpochRow epoch in await world.Store.ReadEpochsAsync(Cancelled))
        {
            foreach (TurnRow row in await world.Store.ReadRowsAsync(epoch.Epoch, 0, int.MaxValue, Cancelled))
            {
                RowFacts.Read(row, (instant, in fact) =>
                {
                    int day = world.Current.Brands[0].Calendar.DayOf(instant);
                    days[day] = days.GetValueOrDefault(day) + fact.ChargedMicros;
                });
            }
        }

        Assert.True(total == long.MaxValue || days.Values.Sum() <= total * Unit, $"{days.Values.Sum()} of {total * Unit} spent.");
        Assert.All(days, day => Assert.True(daily == long.MaxValue || day.Value <= daily * Unit, $"{day.Value} of {daily * Unit} spent on day {day.Key}."));
    }

    private static async Task<long> SpentAsync(BooksWorld world, int? day)
    {
        long spent = 0;
        foreach (EpochRow epoch in await world.Store.ReadEpochsAsync(Cancelled))
        {
            foreach (TurnRow row in await world.Store.ReadRowsAsync(epoch.Epoch, 0, int.MaxValue, Cancelled))
            {
                RowFacts.Read(row, (instant, in fact) =>
                    spent += day is null || world.Current.Brands[0].Calendar.DayOf(instant) == day ? fact.ChargedMicros : 0);
            }
        }

        return spent;
    }

    // Far from where one day's money ends and the next one's begins.
    private static long NoonIn(BooksWorld world, int days)
    {
        BrandCalendar calendar = world.Current.Brands[0].Calendar;
        return calendar.StartOf(calendar.DayOf(world.Clock.Now) + days) + (DayMs / 2);
    }

    // What pacing has released by now, of the day and of the total.
    private static long Left(BooksWorld world, long before, long total, long daily)
    {
        PacingAllowance allowance = PacingRules.At(world.Campaign, world.Clock.Now);
        long ofTotal = total == long.MaxValue ? long.MaxValue : total * Unit - before;
        long ofDay = daily == long.MaxValue ? long.MaxValue : allowance.Daily;
        return Math.Min(ofTotal, ofDay) / Unit * Unit;
    }
}
