using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>The instant at which a stage changes by itself, against a scan of every instant at which a recount could come out differently.</summary>
public sealed class StableUntilTests
{
    private const int Histories = 1_200;

    [Fact]
    public void It_is_the_first_instant_at_which_a_recount_differs()
    {
        int never = 0, ends = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            BrandSnapshot brand = OracleWorlds.All[seed % OracleWorlds.All.Length];
            List<Happening> history = new RandomHistory(random, brand).Make(random.Next(1, 30));
            var consumer = new PlayedConsumer(Brands.Together(brand), 0);
            foreach (Happening happening in history)
            {
                consumer.Now = happening.ReceivedAt;
                consumer.Report(happening.Command(PlayedConsumer.Id, brand.Id));
            }

            // Past every event that lay ahead of the clock.
            long t = Math.Max(consumer.Now, history.Max(h => h.At)) + (random.Next(3) == 0 ? random.NextInt64(500 * Worlds.Day) : random.Next(3));
            ConsumerState state = consumer.Load();
            Core.Record.ConsumerViews.Of(state, consumer.Catalogue, t, []);
            long kept = StageRules.StableUntil(state, 0, brand.Rules, t);
            long counted = ByRecount(new EvidenceOracle(brand.Rules, brand.Calendar.Zone, history), brand.Rules, history, t);
            Assert.True(kept == counted, $"seed {seed}: {kept - t} ms kept, {counted - t} ms by recount");
            never += kept == long.MaxValue ? 1 : 0;
            ends += kept == long.MaxValue ? 0 : 1;
        }

        Assert.True(never > 50 && ends > 300, $"{never} never, {ends} ends: both must be met.");
    }

    [Fact]
    public void An_event_ahead_of_the_clock_bounds_it()
    {
        var consumer = new PlayedConsumer(Brands.Together(OracleWorlds.All[0]), Worlds.Noon);
        consumer.Report(EventType.View);
        consumer.Report(EventType.Cart, Worlds.Noon + 60_000);
        Assert.Equal(Worlds.Noon + 60_000, StageRules.StableUntil(consumer.Load(), 0, OracleWorlds.All[0].Rules, Worlds.Noon));
        Assert.Equal(Worlds.Noon / Worlds.Hour, ConsumerCodec.CalendarHourOf(consumer.Packed));
    }

    [Fact]
    public void A_brand_without_a_record_never_changes() =>
        Assert.Equal(long.MaxValue, StageRules.StableUntil(new ConsumerState(), -1, OracleWorlds.All[0].Rules, Worlds.Noon));

    private static long ByRecount(EvidenceOracle oracle, BrandRules rules, List<Happening> history, long t)
    {
        long[] windows = [rules.AwarenessWindow, rules.InterestWindow, rules.PurchaseWindow, rules.LoyaltyWindow, 30 * Worlds.Day];
        DeeplinkStage now = oracle.StageAt(t);
        return history.SelectMany(h => windows.Select(w => h.At + w)).Where(end => end > t).Distinct().Order()
            .Where(end => oracle.StageAt(end) != now).DefaultIfEmpty(long.MaxValue).First();
    }
}
