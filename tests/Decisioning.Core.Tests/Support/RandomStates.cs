using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Consumers;

namespace Decisioning.Core.Tests.Support;

/// <summary>Consumers with everything in them: histories, decisions, attributes, answered requests, events ahead of the clock, archives.</summary>
internal static class RandomStates
{
    public static IEnumerable<byte[]> Packed(int count) => Enumerable.Range(0, count).Select(seed => Consumer(seed).Packed!);

    public static PlayedConsumer Consumer(int seed)
    {
        var random = new Random(seed);
        BrandSnapshot brand = OracleWorlds.All[seed % OracleWorlds.All.Length];
        var consumer = new PlayedConsumer(Brands.Together(brand), 0);
        foreach (Happening happening in new RandomHistory(random, brand).Make(random.Next(1, 30)))
        {
            consumer.Now = happening.ReceivedAt;
            consumer.Report(happening.Command(PlayedConsumer.Id, brand.Id));
            if (random.Next(3) == 0)
            {
                Decide(random, consumer);
            }
        }

        Decide(random, consumer);
        consumer.Report(EventType.Cart, consumer.Now + 60_000);
        return consumer;
    }

    private static void Decide(Random random, PlayedConsumer consumer)
    {
        DecideReply reply = consumer.Decide(
            c =>
            {
                c.Consent = true;
                c.RequestId = random.Next(2) == 0 ? $"r-{random.Next(20)}" : null;
                c.Attributes.Add(new("age", AttributeValue.Of(random.Next(90))));
                c.Attributes.Add(new($"n-{random.Next(4)}", random.Next(2) == 0 ? AttributeValue.Of("text") : AttributeValue.Of(true)));
            },
            count: random.Next(1, 3));
        foreach (SlotDecision decision in reply.Placements[0].Decisions)
        {
            consumer.Now += random.NextInt64(12 * 60_000);
            if (random.Next(3) > 0)
            {
                consumer.Track(PlayedConsumer.RefOf(decision, reply.At), (EventType)random.Next(7));
            }
        }
    }
}
