using Decisioning.Core.Decide;
using Decisioning.Engine.Budget;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Budget;

public sealed class BudgetLedgerTests
{
    private const string Asap = "\"pacing\": \"asap\"";
    private static readonly long Noon = TestClock.At("2026-11-05T12:00:00Z");

    [Fact]
    public void The_last_whole_unit_can_be_held_and_charged_and_no_more()
    {
        OneCampaign world = new("{ \"total\": \"2\", " + Asap + " }", Noon);
        Assert.True(world.Hold(Noon, Noon + 10_000));
        Assert.True(world.Hold(Noon, Noon + 10_000));
        Assert.False(world.Hold(Noon, Noon + 10_000));
        Assert.True(world.ChargeHeld(Noon + 1, Noon + 10_000));
        Assert.True(world.ChargeHeld(Noon + 2, Noon + 10_000));
        Assert.Equal((2, 0), (world.Spent, world.Held(Noon + 3)));
        Assert.Equal(new MarketAnswer(MarketRefusal.Budget, null), world.Ledger.Check(world.Campaign, Noon + 4));
        Assert.False(world.Charge(Noon + 5));
    }

    [Fact]
    public void A_hold_comes_back_by_itself_and_the_refusal_says_when()
    {
        OneCampaign world = new("{ \"total\": \"1\", " + Asap + " }", Noon);
        Assert.True(world.Hold(Noon, Noon + 2_000));
        MarketAnswer answer = world.Ledger.Check(world.Campaign, Noon);
        Assert.Equal(MarketRefusal.Budget, answer.Refusal);
        long retry = Assert.NotNull(answer.RetryAt);
        Assert.InRange(retry, Noon + 2_250, Noon + 3_250);
        Assert.False(world.Hold(retry - 1, retry + 5_000));
        Assert.Equal(default, world.Ledger.Check(world.Campaign, retry));
        Assert.True(world.Hold(retry, retry + 5_000));
    }

    [Fact]
    public void A_charge_just_before_the_hold_ends_finds_it()
    {
        OneCampaign world = new("{ \"total\": \"1\", " + Asap + " }", Noon);
        long end = Noon + 1_000;
        Assert.True(world.Hold(Noon, end));
        // Another turn's clock is already a little past the end.
        Assert.NotEqual(default, world.Ledger.Check(world.Campaign, end + HoldBuckets.GraceMs - 1));
        Assert.True(world.ChargeHeld(end - 1, end));
        Assert.Equal((1, 0), (world.Spent, world.Held(end)));
    }

    [Fact]
    public void A_charge_whose_hold_was_lost_has_to_fit()
    {
        OneCampaign world = new("{ \"total\": \"2\", " + Asap + " }", Noon);
        Assert.True(world.Hold(Noon, Noon + 60_000));
        Assert.True(world.ChargeHeld(Noon, Noon + 5_000));
        Assert.Equal((1, 1), (world.Spent, world.Held(Noon)));
        Assert.False(world.ChargeHeld(Noon, Noon + 5_000));
        Assert.True(world.ChargeHeld(Noon, Noon + 60_000));
        Assert.Equal((2, 0), (world.Spent, world.Held(Noon)));
    }

    [Fact]
    public void A_daily_budget_comes_back_at_local_midnight_and_the_total_does_not()
    {
        OneCampaign world = new("{ \"total\": \"3\", \"daily\": \"2\", " + Asap + " }", Noon);
        Assert.True(world.Charge(Noon));
        Assert.True(world.Charge(Noon));
        long midnight = TestClock.At("2026-11-06T00:00:00Z");
        Assert.Equal(new MarketAnswer(MarketRefusal.Budget, midnight), world.Ledger.Check(world.Campaign, Noon));
        Assert.False(world.Hold(midnight - 1, midnight + 1));
        Assert.True(world.Charge(midnight));
        Assert.Equal(new MarketAnswer(MarketRefusal.Budget, null), world.Ledger.Check(world.Campaign, midnight));
    }

    [Fact]
    public void Pacing_holds_decisions_back_and_not_what_has_already_happened()
    {
        OneCampaign world = new("{ \"daily\": \"96\" }", TestClock.At("2026-11-05T00:00:00Z"));
        long midnight = TestClock.At("2026-11-05T00:00:00Z");
        Assert.True(world.Hold(midnight, midnight + 5_000));
        Assert.False(world.Hold(midnight, midnight + 5_000));
        MarketAnswer answer = world.Ledger.Check(world.Campaign, midnight + 10_000);
        Assert.Equal(default, answer);
        Assert.True(world.Charge(midnight + 10_000, units: 10));
        Assert.Equal(new MarketAnswer(MarketRefusal.Pacing, midnight + 10 * 900_000), world.Ledger.Check(world.Campaign, midnight + 10_000));
        Assert.Equal(default, world.Ledger.Check(world.Campaign, midnight + 10 * 900_000));
    }

    [Fact]
    public void Without_a_budget_everything_fits_and_is_counted()
    {
        OneCampaign world = new(null, Noon);
        Assert.True(world.Hold(Noon, Noon + 1_000, units: 1_000_000));
        Assert.True(world.Charge(Noon, units: 1_000_000));
        Assert.Equal((1_000_000, 1_000_000), (world.Spent, world.Held(Noon)));
    }

    [Fact]
    public void Nothing_is_charged_to_what_is_gone()
    {
        OneCampaign world = new(null, Noon);
        Assert.False(world.Ledger.TryCharge(1, 99, OneCampaign.Unit, Noon));
        Assert.False(world.Ledger.TryCharge(99, 1, OneCampaign.Unit, Noon));
    }

    /// <summary>Random holds, charges and passing time, against sums made anew from the list of everything that happened.</summary>
    [Fact]
    public void It_is_what_adding_everything_up_says()
    {
        OneCampaign world = new("{ \"total\": \"400\", \"daily\": \"60\", " + Asap + " }", Noon);
        List<(long End, long Release)> holds = [];
        long now = Noon, spent = 0, today = 0, day = Noon / 86_400_000;
        Random random = new(11);
        int held = 0, refused = 0;
        for (int step = 0; step < 20_000; step++)
        {
            now += random.Next(6) == 0 ? random.NextInt64(600_000) : random.Next(400);
            today = now / 86_400_000 == day ? today : 0;
            day = now / 86_400_000;
            holds.RemoveAll(h => h.Release <= now);
            bool room = holds.Count + 1 <= Math.Min(400 - spent, 60 - today);
            switch (random.Next(3))
            {
                case 0:
                    long end = now + random.Next(1, 600) * 1_000L;
                    Assert.Equal(room, world.Hold(now, end));
                    held += room ? 1 : 0;
                    refused += room ? 0 : 1;
                    if (room)
                    {
                        holds.Add((end, (end + HoldBuckets.GraceMs + 999) / 1_000 * 1_000));
                    }

                    break;
                case 1 when random.Next(8) == 0 && holds.FindIndex(h => h.End > now) is >= 0 and var used:
                    Assert.True(world.ChargeHeld(now, holds[used].End));
                    holds.RemoveAt(used);
                    spent++;
                    today++;
                    break;
                case 2:
                    Assert.Equal(room ? MarketRefusal.None : MarketRefusal.Budget, world.Ledger.Check(world.Campaign, now).Refusal);
                    break;
            }

            Assert.Equal((spent, holds.Count), (world.Spent, world.Held(now)));
        }

        Assert.True(held > 500 && refused > 500 && spent == 400, $"{held} held, {refused} refused, {spent} spent");
    }

    [Fact]
    public void Sixty_four_threads_spend_the_whole_budget_and_not_a_unit_more()
    {
        const int Total = 20_000;
        OneCampaign world = new("{ \"total\": \"" + Total + "\", " + Asap + " }", Noon);
        long taken = 0;
        Thread[] threads = [.. Enumerable.Range(0, 64).Select(seed => new Thread(() =>
        {
            Random random = new(seed);
            while (world.Ledger.Check(world.Campaign, Noon).Refusal == MarketRefusal.None)
            {
                long end = Noon + random.Next(1, 60) * 1_000;
                if (random.Next(2) == 0 ? world.Charge(Noon) : world.Hold(Noon, end))
                {
                    Interlocked.Increment(ref taken);
                }
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(Total, taken);
        Assert.Equal(Total, world.Spent + world.Held(Noon));
    }

    [Fact]
    public void Checking_and_holding_allocate_nothing()
    {
        OneCampaign world = new("{ \"total\": \"1000000\", " + Asap + " }", Noon);
        Run(world);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(world);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Run(OneCampaign world)
        {
            for (int i = 0; i < 1_000; i++)
            {
                world.Ledger.Check(world.Campaign, Noon + i);
                world.Hold(Noon + i, Noon + i + 600_000);
                world.ChargeHeld(Noon + i, Noon + i + 600_000);
            }
        }
    }

    [Fact]
    public void Holds_survive_their_stored_form_without_those_that_are_over()
    {
        OneCampaign world = new("{ \"total\": \"100\", " + Asap + " }", Noon);
        world.Hold(Noon, Noon + 1_000, 3);
        world.Hold(Noon, Noon + 60_000, 5);
        world.Hold(Noon, Noon + 65_535_000, 7);
        byte[] form = HoldsForm.Write(world.Ledger, 77, Noon);

        OneCampaign next = new("{ \"total\": \"100\", " + Asap + " }", Noon + 30_000);
        Assert.Equal(77, HoldsForm.Read(form, next.Ledger));
        Assert.Equal(12, next.Held(Noon + 30_000));
        Assert.Equal(7, next.Held(Noon + 62_000));
        for (int length = 0; length < form.Length; length++)
        {
            if (length is not 9)
            {
                Assert.Throws<InvalidDataException>(() => HoldsForm.Read(form[..length], new OneCampaign(null, Noon).Ledger));
            }
        }
    }
}
