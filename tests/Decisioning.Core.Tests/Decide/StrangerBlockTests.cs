using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>What a decision copies out of a block is what it finds by asking campaign by campaign.</summary>
public sealed class StrangerBlockTests
{
    private const long HalfDay = 43_200_000;
    private const string Story = """ "s": { "steps": [ { "id": "one", "for": ["none", "awareness"], "creatives": ["a", "b"] }, { "id": "two", "for": ["interest", "purchase"], "creatives": ["c"] } ] } """;

    /// <summary>A decider that has seen the list before, beside a new one for each request: a new one has no block.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_changes_nothing_but_the_time_that_a_search_takes(int seed)
    {
        var random = new Random(seed);
        int drawn = 0;
        for (int world = 0; world < 30; world++)
        {
            CatalogueSnapshot catalogue = Brands.Together([.. Enumerable.Range(1, world == 0 ? 70 : 8).Select(i => Brand(random, i, mixed: world % 3 == 0))]);
            string? refused = world % 4 == 0 ? $"k{random.Next(3)}" : null;
            var market = new OpenMarket { Answer = c => c.Id == refused && c.Brand.Symbol % 2 == 0 ? new MarketAnswer(MarketRefusal.Budget, null) : default };
            var warm = new Decider();
            BrandSnapshot[] list = catalogue.Brands;
            for (int i = 0; i < 60; i++)
            {
                if (random.Next(8) == 0)
                {
                    list = [.. random.GetItems(catalogue.Brands, 6).Distinct()];
                }

                DecideCommand command = Command(catalogue, [.. list], random);
                byte[] state = Knows(random, catalogue);
                long now = Worlds.Noon + random.Next(-3, 4) * HalfDay;
                Answer expected = Ask(new Decider(), state, command, market, now, (ulong)i);
                Answer found = Ask(warm, state, command, market, now, (ulong)i);
                Assert.Equal(expected.Reply, found.Reply);
                Assert.Equal(expected.Funnel, found.Funnel);
                Assert.Equal(expected.Refusals, found.Refusals);
                Assert.Equal(expected.Draws, found.Draws);
                drawn += expected.Draws.Length;
            }
        }

        Assert.InRange(drawn, 2_000, int.MaxValue);
    }

    private static BrandSnapshot Brand(Random random, int symbol, bool mixed)
    {
        IEnumerable<string> campaigns = Enumerable.Range(0, random.Next(1, 4)).Select(i => $$"""
            "k{{i}}": { {{Flight(random)}} {{(mixed && random.Next(2) == 0 ? "\"priority\": \"sponsorship\"," : "")}} {{Targeting(random)}} {{Terms(random)}} "storyline": "s" }
            """);
        return Brands.Of(
            $$""" "audiences": { "old": { "attribute": "age", "from": 60 } }, "storylines": { {{Story}} }, "campaigns": { {{string.Join(", ", campaigns)}} } """,
            $"b{symbol}", symbol * 3);
    }

    private static string Flight(Random random) => random.Next(4) switch
    {
        0 => """ "from": "2026-11-06", """,
        1 => """ "to": "2026-11-04", """,
        _ => "",
    };

    private static string Targeting(Random random) => random.Next(6) switch
    {
        0 => """ "targeting": { "not": ["old"] }, """,
        1 => """ "targeting": { "channels": ["elsewhere"] }, """,
        _ => "",
    };

    private static string Terms(Random random) => random.Next(5) switch
    {
        0 => """ "holdout": 0.5, """,
        1 => """ "caps": [ { "max": 1, "per": "2d" } ], """,
        2 => """ "price": { "model": "cpm", "amount": "10" }, "budget": { "total": "100" }, """,
        _ => "",
    };

    private static DecideCommand Command(CatalogueSnapshot catalogue, BrandSnapshot[] brands, Random random) => new()
    {
        ConsumerId = "c-7",
        Consent = random.Next(9) == 0 ? false : null,
        Catalogue = catalogue,
        Brands = brands,
        Placements = { new PlacementCommand { Id = "p", Count = random.Next(1, 4), Formats = ~0, Size = random.Next(5) == 0 ? "1x1" : null, ConfirmAtDecision = false } },
    };

    private static byte[] Knows(Random random, CatalogueSnapshot catalogue)
    {
        var state = new ConsumerState();
        state.Reset("c-7"u8);
        foreach (BrandSnapshot brand in random.GetItems(catalogue.Brands, random.Next(4)).Distinct())
        {
            state.OpenSlot(brand.Symbol);
        }

        return PlayedConsumer.Pack(state);
    }

    private static Answer Ask(Decider decider, byte[] packed, DecideCommand command, OpenMarket market, long now, ulong seed)
    {
        var state = new ConsumerState();
        Assert.True(ConsumerCodec.TryRead(packed, state));
        var bytes = new ByteWriter();
        ReplyCodec.Write(decider.Decide(state, command, market, now, seed), bytes);
        return new Answer(bytes.Written.ToArray(), decider.Funnel.ToArray(), [.. decider.Refusals], [.. decider.Draws]);
    }

    private sealed record Answer(byte[] Reply, byte[] Funnel, (int Brand, int Campaign, MarketRefusal Refusal)[] Refusals, DrawRecord[] Draws);
}
