using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Record;

/// <summary>Credits of behaviours and purchases against a recount that knows every decision, every interaction and nothing of how they are kept.</summary>
public sealed class TouchCreditTests
{
    private const long Day = Worlds.Day;

    private static readonly BrandSnapshot[] Zones =
    [
        .. from zone in (string[])["Asia/Shanghai", "America/New_York", "Asia/Kolkata"]
           from rules in (string[])["{}", """{ "intent": { "weights": { "view": 0.7000004, "follow": 3 }, "caps": { "view": 1.5, "favorite": 900 } } }"""]
           select Brands.Of(
               $$"""
               "rules": {{rules}},
               "storylines": { "s": { "gap": "0s", "steps": [ { "id": "one", "for": {{Brands.Everyone}}, "creatives": ["a", "b", "c"] } ] } },
               "campaigns": { "k": { "storyline": "s" } }
               """, zone: zone),
    ];

    private sealed record Decided(DecisionRef Token, HashSet<EventType> Met);

    private readonly record struct Share(EventType Type, int Step, int Creative, int Mark, long Weight, long Value);

    [Fact]
    public void Shares_are_those_of_a_recount_and_sum_to_what_was_split()
    {
        int credited = 0, organic = 0, capped = 0, late = 0;
        for (int seed = 0; seed < 250; seed++)
        {
            var random = new Random(seed);
            BrandSnapshot brand = Zones[seed % Zones.Length];
            var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon + random.NextInt64(200 * Day));
            List<Decided> decided = [];
            List<(EventType Type, long At)> outcomes = [];
            Dictionary<(EventType, DateOnly), int> arrived = [];
            for (int i = 0; i < 60; i++)
            {
                consumer.Now += random.Next(4) == 0 ? random.NextInt64(6 * Day) : random.NextInt64(2 * Worlds.Hour);
                if (random.Next(3) == 0)
                {
                    SlotDecision chosen = consumer.Decide(c => c.Consent = true, channel: $"ch{random.Next(3)}").Placements[0].Decisions.Single();
                    decided.Add(new Decided(PlayedConsumer.RefOf(chosen, consumer.Now), []));
                    continue;
                }

                if (decided.Count > 0 && random.Next(2) == 0)
                {
                    late += Interact(random, consumer, brand, decided, outcomes);
                    continue;
                }

                EventType type = random.Next(5) == 0 ? EventType.Purchase : IntentRules.Behaviours[random.Next(8)];
                long at = consumer.Now - (random.Next(3) == 0 ? random.NextInt64(20 * Day) : 0);
                List<Share> expected = Expect(consumer, brand, decided, arrived, type, at, 700_000_003);
                EventResult result = type == EventType.Purchase ? consumer.Purchase($"o-{i}", 700_000_003, at) : consumer.Report(type, at);
                Assert.Equal(EventStatus.Accepted, result.Status);
                outcomes.Add((type, at));
                List<Share> shares = SharesOf(consumer.Journal[^1].Payload);
                Assert.True(expected.SequenceEqual(shares), $"seed {seed}: {string.Join("; ", expected)} by recount, {string.Join("; ", shares)} kept");
                credited += shares.Count(s => s.Creative > 0);
                organic += shares.Count(s => s.Creative == 0);
                capped += shares.Count == 0 ? 1 : 0;
            }
        }

        Assert.True(credited > 500 && organic > 500 && capped > 50 && late > 20, $"{credited} credited, {organic} organic, {capped} capped, {late} late: too few to tell.");
    }

    [Fact]
    public void The_newest_decision_takes_the_rest()
    {
        var consumer = new PlayedConsumer(Brands.Together(Zones[0]), Worlds.Noon);
        for (int i = 0; i < 3; i++)
        {
            consumer.Now += Worlds.Hour;
            SlotDecision chosen = consumer.Decide(c => c.Consent = true).Placements[0].Decisions.Single();
            consumer.Track(PlayedConsumer.RefOf(chosen, consumer.Now), EventType.Click);
        }

        consumer.Purchase("o", 11);
        Assert.Equal([(333_333, 3), (333_333, 3), (333_334, 5)], SharesOf(consumer.Journal[^1].Payload).Select(s => (s.Weight, s.Value)));
        consumer.Purchase("o", 12);
        Assert.Empty(SharesOf(consumer.Journal[^1].Payload));
    }

    /// <summary>One more interaction with some decision; 1 where a recount says that it came too late for an outcome.</summary>
    private static int Interact(Random random, PlayedConsumer consumer, BrandSnapshot brand, List<Decided> decided, List<(EventType Type, long At)> outcomes)
    {
        Decided touched = decided[random.Next(decided.Count)];
        EventType type = (EventType)random.Next(7);
        if (consumer.Now - touched.Token.DecidedAt > 29 * Day || touched.Met.Contains(type))
        {
            return 0;
        }

        long before = Reach(touched.Met, brand.Rules);
        touched.Met.Add(type);
        long after = Reach(touched.Met, brand.Rules);
        Assert.True(consumer.Track(touched.Token, type));
        bool exact = outcomes.Any(o => o.At >= touched.Token.DecidedAt + before && o.At < touched.Token.DecidedAt + after);
        bool byHour = outcomes.Any(o => o.At / Worlds.Hour * Worlds.Hour >= touched.Token.DecidedAt + before && o.At < touched.Token.DecidedAt + after);
        bool kept = Any(consumer.Journal[^1].Payload, FactKind.LateTouch);
        Assert.True(after > before ? (kept ? exact || byHour : !byHour) : !kept);
        return kept ? 1 : 0;
    }

    private static List<Share> Expect(
        PlayedConsumer consumer, BrandSnapshot brand, List<Decided> decided, Dictionary<(EventType, DateOnly), int> arrived, EventType type, long at, long value)
    {
        decimal weight = 1;
        if (type != EventType.Purchase)
        {
            IntentRule rule = brand.Rules.Intent[Array.IndexOf(IntentRules.Behaviours, type)];
            DateOnly day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(consumer.Now), brand.Calendar.Zone).DateTime);
            arrived[(type, day)] = arrived.GetValueOrDefault((type, day)) + 1;
            if (arrived[(type, day)] > Math.Ceiling(rule.Cap))
            {
                return [];
            }

            weight = (decimal)rule.Weight;
            value = 0;
        }

        long micros = (long)decimal.Round(weight * 1_000_000, MidpointRounding.AwayFromZero);
        Decided[] touched =
        [
            .. decided.Where(d => d.Token.DecidedAt <= at && at < d.Token.DecidedAt + Reach(d.Met, brand.Rules) && IsKept(d, consumer.Now)).OrderBy(d => d.Token.Ordinal),
        ];
        if (touched.Length == 0)
        {
            return [new Share(type, 0, 0, 0, micros, value)];
        }

        return
        [
            .. touched.Select((d, i) => new Share(
                type, d.Token.Step, d.Token.Creative, d.Token.ChannelMark,
                i < touched.Length - 1 ? micros / touched.Length : micros - micros / touched.Length * (touched.Length - 1),
                i < touched.Length - 1 ? value / touched.Length : value - value / touched.Length * (touched.Length - 1))),
        ];
    }

    /// <summary>A decision is known in full until its day (UTC) is 30 days ago.</summary>
    private static bool IsKept(Decided decision, long now) => decision.Token.DecidedAt / Day * Day + Day - 1 >= now - 30 * Day;

    private static long Reach(HashSet<EventType> met, BrandRules rules) =>
        Math.Max(met.Contains(EventType.Click) ? rules.ClickLookBack : 0, met.Contains(EventType.Viewable) ? rules.ViewableLookBack : 0);

    private static List<Share> SharesOf(byte[] payload)
    {
        List<Share> shares = [];
        FactReader facts = TurnFacts.Of(payload);
        while (facts.MoveNext())
        {
            ref readonly Fact fact = ref facts.Current;
            if (fact.Kind is FactKind.Credit or FactKind.Organic)
            {
                shares.Add(new Share(fact.Type, fact.Step, fact.Creative, fact.ChannelMark, fact.WeightMicros, fact.ValueMicros));
            }
        }

        return shares;
    }

    private static bool Any(byte[] payload, FactKind kind)
    {
        FactReader facts = TurnFacts.Of(payload);
        while (facts.MoveNext())
        {
            if (facts.Current.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }
}
