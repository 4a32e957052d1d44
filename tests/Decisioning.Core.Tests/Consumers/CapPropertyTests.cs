using System.Text.Json;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>Random lives under random caps: confirmed + live never exceeds a cap when deciding, and retryAt is the very instant from which one more may come.</summary>
public sealed class CapPropertyTests
{
    private const int Lives = 120;
    private static readonly string[] Short = ["10m", "1h", "1d", "7d", "29d", "30d"];
    private static readonly string[] Long = ["1h", "1d", "31d", "60d", "lifetime"];

    [Fact]
    public void No_decision_breaks_a_cap_and_retryAt_is_exact()
    {
        int decided = 0, refused = 0;
        for (int seed = 0; seed < Lives; seed++)
        {
            var random = new Random(seed);
            bool exact = seed % 2 == 0;
            CatalogueSnapshot catalogue = RandomWorld(random, exact ? Short : Long);
            var life = new Life(random, catalogue, exact, $"seed {seed}");
            for (int turn = 0; turn < 60; turn++)
            {
                life.Live();
            }

            decided += life.Decided;
            refused += life.Refused;
        }

        Assert.True(decided > 10 * Lives && refused > 5 * Lives, $"{decided} decided, {refused} refused: both must be met often.");
    }

    private static CatalogueSnapshot RandomWorld(Random random, string[] windows)
    {
        BrandSnapshot[] brands = [.. Enumerable.Range(1, 2).Select(i => Brands.Compile(Document(random, windows), $"b{i}", i))];
        CapRule[] server = random.Next(2) == 0 ? [] : [new CapRule(random.Next(3, 9), 86_400_000L * random.Next(1, 30))];
        return new CatalogueSnapshot(brands, new ServerSettings(server, []), "1");
    }

    private static string Document(Random random, string[] windows) => $$"""
        { "name": "B", "industry": "beauty", "timeZone": "UTC", "currency": "CNY", "rules": { "reserve": "{{(random.Next(3) == 0 ? "2m" : "20m")}}" },
          "caps": {{Caps(random, windows)}},
          "creatives": { "a": { "format": "video", "size": "fluid", "url": "https://x.example/a", "caps": {{Caps(random, windows)}} },
                         "b": { "format": "video", "size": "fluid", "url": "https://x.example/b", "caps": {{Caps(random, windows)}} } },
          "storylines": { "s": { "steps": [ { "id": "one", "for": {{Brands.Everyone}}, "creatives": ["a", "b"], "caps": {{Caps(random, windows)}} } ] } },
          "campaigns": { "k": { "storyline": "s", "caps": {{Caps(random, windows)}} }, "l": { "storyline": "s", "priority": "house", "caps": {{Caps(random, windows)}} } } }
        """;

    private static string Caps(Random random, string[] windows) => JsonSerializer.Serialize(
        Enumerable.Range(0, Math.Max(0, random.Next(4) - 1)).Select(_ => windows[random.Next(windows.Length)]).Distinct()
            .Select(per => new { max = random.Next(1, 6), per }));

    private sealed class Life(Random random, CatalogueSnapshot catalogue, bool exact, string name)
    {
        private readonly PlayedConsumer _consumer = new(catalogue, Worlds.Noon) { Brands = ["b1", "b2"] };
        private readonly CapRecount _recount = new(catalogue);
        private readonly List<(Given Given, DecisionRef Token)> _tokens = [];

        public int Decided { get; private set; }

        public int Refused { get; private set; }

        public void Live()
        {
            _consumer.Now += random.Next(5) switch { 0 => 0, 1 => random.NextInt64(60_000), 2 => random.NextInt64(Worlds.Hour), 3 => random.NextInt64(Worlds.Day), _ => random.NextInt64(3 * Worlds.Day) };
            if (random.Next(25) == 0)
            {
                _consumer.Now += random.NextInt64(40 * Worlds.Day);
            }

            if (random.Next(3) == 0)
            {
                Meet();
            }
            else
            {
                Decide();
            }
        }

        private void Meet()
        {
            (Given Given, DecisionRef Token)[] open = [.. _tokens.Where(t => t.Given.At >= _consumer.Now - RandomHistory.Late).TakeLast(6)];
            if (open.Length > 0)
            {
                (Given given, DecisionRef token) = open[random.Next(open.Length)];
                Assert.True(_consumer.Track(token, (EventType)random.Next(7)));
                given.Confirmed = true;
            }
        }

        private void Decide()
        {
            bool atOnce = random.Next(4) == 0;
            PlacementReply reply = Ask(atOnce, random.Next(1, 4));
            Take(reply, atOnce);
            if (reply.NoDecision is not { } none)
            {
                return;
            }

            Refused++;
            Assert.Equal(NoDecisionReason.FrequencyCap, none.Reason);
            if (reply.Decisions.Length == 0)
            {
                CheckRetry(none.RetryAt);
            }
        }

        private PlacementReply Ask(bool atOnce, int count, bool test = false) => _consumer.Decide(
            c =>
            {
                c.Test = test;
                c.Placements[0] = new PlacementCommand { Id = "p", Formats = 0xF, Count = count, ConfirmAtDecision = atOnce };
            }).Placements[0];

        private void Take(in PlacementReply reply, bool atOnce)
        {
            long now = _consumer.Now;
            foreach (SlotDecision d in reply.Decisions)
            {
                var given = new Given(d.Campaign.Brand.Symbol, d.Campaign.Symbol, d.Step.Symbol, d.Creative.Symbol, now, d.ReserveSeconds * 1000L);
                Assert.Equal(atOnce, d.ReserveSeconds == 0);
                _recount.All.Add(given);
                _tokens.Add((given, PlayedConsumer.RefOf(d, now)));
                string? broken = _recount.Broken(d.Campaign, d.Step, d.Creative, now);
                Assert.True(broken is null, $"{name}: {broken}");
                Decided++;
            }
        }

        /// <summary>Nothing a millisecond before, something at it; and where windows are exact, the recount says the same of both and of now.</summary>
        private void CheckRetry(long? retryAt)
        {
            if (exact)
            {
                Assert.False(AnyRoom(_consumer.Now), $"{name}: refused where the recount finds room");
            }

            if (retryAt is not { } at)
            {
                Assert.False(AnyRoom(_consumer.Now + 800 * Worlds.Day), $"{name}: never, says the answer, and the recount finds room");
                return;
            }

            _consumer.Now = at - 1;
            Assert.Empty(Ask(false, 1, test: true).Decisions);
            _consumer.Now = at;
            Assert.True(AnyRoom(at), $"{name}: retryAt is too early");
            PlacementReply reply = Ask(false, 1);
            Assert.True(reply.Decisions.Length == 1, $"{name}: nothing at retryAt");
            Take(reply, false);
        }

        private bool AnyRoom(long now) =>
            (from brand in catalogue.Brands
             from campaign in brand.Campaigns
             from step in campaign.Storyline.Steps
             from creative in step.Creatives
             select _recount.HasRoom(campaign, step, creative, now)).Any(free => free);
    }
}
