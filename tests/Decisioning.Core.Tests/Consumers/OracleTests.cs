using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>Stage and intent of played consumers against a recount of their raw events.</summary>
public sealed class OracleTests
{
    private const int Consumers = 2_000;

    [Fact]
    public void Stage_and_intent_are_those_of_a_recount_at_any_instant()
    {
        var seen = new HashSet<DeeplinkStage>();
        for (int seed = 0; seed < Consumers; seed++)
        {
            var random = new Random(seed);
            BrandSnapshot brand = OracleWorlds.All[seed % OracleWorlds.All.Length];
            List<Happening> history = new RandomHistory(random, brand).Make(random.Next(1, 45));
            var consumer = new PlayedConsumer(Brands.Together(brand), 0);
            var accepted = new List<Happening>();
            foreach (Happening happening in history)
            {
                consumer.Now = happening.ReceivedAt;
                EventResult result = consumer.Report(happening.Command(PlayedConsumer.Id, brand.Id));
                Assert.True(result.Status == EventStatus.Accepted, $"seed {seed}: {happening} {result}");
                accepted.Add(happening);
                RepeatOne(random, accepted, consumer, brand, seed);
                Check(random, consumer, brand, accepted, random.Next(4) == 0 ? 2 : 0, seed, seen);
            }

            Check(random, consumer, brand, accepted, 12, seed, seen);
        }

        Assert.Equal(Enum.GetValues<DeeplinkStage>(), seen.Order());
    }

    private static void RepeatOne(Random random, List<Happening> accepted, PlayedConsumer consumer, BrandSnapshot brand, int seed)
    {
        Happening repeated = accepted[random.Next(accepted.Count)];
        if (random.Next(8) == 0 && consumer.Now <= Math.Max(repeated.At, repeated.ReceivedAt) + RandomHistory.Late)
        {
            EventResult again = consumer.Report(repeated.Command(PlayedConsumer.Id, brand.Id));
            Assert.True(again.Status == EventStatus.Duplicate || again.Code == EventCodes.TooOld, $"seed {seed}: {again}");
        }
    }

    private static void Check(
        Random random, PlayedConsumer consumer, BrandSnapshot brand, List<Happening> accepted, int instants, int seed, HashSet<DeeplinkStage> seen)
    {
        var oracle = new EvidenceOracle(brand.Rules, brand.Calendar.Zone, accepted);
        for (int i = 0; i < instants; i++)
        {
            long t = InstantToAsk(random, consumer.Now, brand.Rules, accepted);
            RelationshipView view = consumer.RelationshipAt(t);
            string at = $"seed {seed}, {t - consumer.Now} ms after event {accepted.Count}";
            Assert.True(oracle.StageAt(t) == view.DeeplinkStage, $"{at}: {oracle.StageAt(t)} by recount, {view.DeeplinkStage} kept");
            Assert.True(Math.Abs(oracle.IntentAt(t) - view.Intent) < 1e-7, $"{at}: intent {oracle.IntentAt(t)} by recount, {view.Intent} kept");
            Assert.Equal(Names.Aipl(view.DeeplinkStage), view.Stage);
            seen.Add(view.DeeplinkStage);
        }
    }

    /// <summary>Now, some time later, or right at the edge of some event's window.</summary>
    private static long InstantToAsk(Random random, long now, BrandRules rules, List<Happening> accepted)
    {
        long[] windows = [rules.AwarenessWindow, rules.InterestWindow, rules.PurchaseWindow, rules.LoyaltyWindow, 30 * Worlds.Day, 90 * Worlds.Day, 0];
        long edge = accepted[random.Next(accepted.Count)].At + windows[random.Next(windows.Length)] - random.Next(2);
        return random.Next(3) switch
        {
            0 => now + (random.Next(3) == 0 ? 0 : random.NextInt64(100 * Worlds.Day)),
            _ => edge >= now ? edge : now + random.NextInt64(10 * 60_000),
        };
    }
}
