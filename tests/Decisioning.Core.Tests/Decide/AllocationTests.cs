using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>A warm decision allocates its reply and nothing else, however much there is to choose from or to remember.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(1, 0, 200)]
    [InlineData(20, 20, 32)]
    [InlineData(1, 1_000, 32)]
    public void A_decision_allocates_its_reply_alone(int brands, int creatives, int exposures)
    {
        BrandSnapshot[] all = [.. Enumerable.Range(1, brands).Select(i => Brand(i, Math.Max(1, creatives)))];
        CatalogueSnapshot catalogue = Brands.Together(all);
        var turn = new Turn(5);
        turn.State.Reset("c-42"u8);
        var market = new OpenMarket();
        DecideCommand command = Command(catalogue, all);
        for (int i = 0; i < exposures; i++)
        {
            turn.Begin(1, Worlds.Noon + i, catalogue, market, null);
            SlotDecision decision = turn.Decide(command).Placements[0].Decisions[0];
            turn.Begin(1, Worlds.Noon + i, catalogue, market, null);
            turn.Track(new DecisionRef("c-42", decision.Campaign.Brand.Symbol, decision.Campaign.Symbol, decision.Step.Symbol, decision.Creative.Symbol, decision.Ordinal, Worlds.Noon + i, 600, PriceModel.None, 0), EventType.Impression);
        }

        byte[] packed = PlayedConsumer.Pack(turn.State);
        long expected = Math.Min(Measure(() => Empty(catalogue)), Measure(() => Empty(catalogue)));
        long least = long.MaxValue;
        for (int round = 0; round < 30; round++)
        {
            Assert.True(Core.Consumers.ConsumerCodec.TryRead(packed, turn.State));
            least = Math.Min(least, Measure(() =>
            {
                turn.Begin(1, Worlds.Noon + 1_000, catalogue, market, null);
                return turn.Decide(command);
            }));
        }

        Assert.Equal(expected, least);
    }

    /// <summary>Facts, stage changes and credits of a tracker call are written in place, and so is what a touch finds.</summary>
    [Fact]
    public void A_tracker_call_a_touch_and_the_money_of_a_payload_allocate_nothing()
    {
        CatalogueSnapshot catalogue = Brands.Together(Brand(1, 1));
        var turn = new Turn(5);
        turn.State.Reset("c-42"u8);
        var market = new SilentMarket();
        DecideCommand command = Command(catalogue, catalogue.Brands);
        turn.Begin(1, Worlds.Noon, catalogue, market, null);
        DecisionRef decision = PlayedConsumer.RefOf(turn.Decide(command).Placements[0].Decisions[0], Worlds.Noon);
        byte[] packed = PlayedConsumer.Pack(turn.State);
        byte[] payload = turn.Payload.ToArray();
        long tracked = long.MaxValue, touched = long.MaxValue, told = long.MaxValue;
        for (int round = 0; round < 30; round++)
        {
            Assert.True(Core.Consumers.ConsumerCodec.TryRead(packed, turn.State));
            tracked = Math.Min(tracked, Measure(() =>
            {
                turn.Begin(1, Worlds.Noon + 1_000, catalogue, market, null);
                return turn.Track(decision, EventType.Click) ? turn : "";
            }));
            touched = Math.Min(touched, Measure(() =>
            {
                turn.Begin(1, Worlds.Noon + 40 * Worlds.Day, catalogue, market, null);
                turn.Touch();
                return turn.Payload.Length > 0 ? turn : "";
            }));
            Assert.True(turn.Changed);
            told = Math.Min(told, Measure(() =>
            {
                Turn.ReplayMoney(payload, market);
                return turn;
            }));
        }

        Assert.Equal((0L, 0L, 0L), (tracked, touched, told));
    }

    private sealed class SilentMarket : IMarket, IMarketReplay
    {
        public MarketAnswer Check(CampaignSnapshot campaign, long now) => default;

        public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt) => true;

        public bool TryChargeHeld(int brand, int campaign, long amount, long expiresAt, long now) => true;

        public bool TryCharge(int brand, int campaign, long amount, long now) => true;

        public void Held(int brand, int campaign, long amount, long expiresAt)
        {
        }

        public void Charged(int brand, int campaign, long amount, long at, long? heldUntil)
        {
        }
    }

    private static long Measure(Func<object> act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        object made = act();
        long after = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(made);
        return after - before;
    }

    /// <summary>The reply to one placement with one decision.</summary>
    private static DecideReply Empty(CatalogueSnapshot catalogue) => new()
    {
        At = 0,
        Catalogue = catalogue,
        PolicyVersion = 0,
        Placements = [new PlacementReply(new SlotDecision[1], null)],
    };

    private static DecideCommand Command(CatalogueSnapshot catalogue, BrandSnapshot[] brands)
    {
        var command = new DecideCommand { ConsumerId = "c-42", Catalogue = catalogue, Brands = brands };
        command.Placements.Add(new PlacementCommand { Id = "p", Channel = "home", Formats = 0xF, Size = "640x360", Count = 1, ConfirmAtDecision = false });
        return command;
    }

    private static BrandSnapshot Brand(int symbol, int creatives)
    {
        string[] ids = [.. Enumerable.Range(0, creatives).Select(i => $"x{i}")];
        return Brands.Compile(
            $$"""
            { "name": "B", "industry": "beauty", "timeZone": "UTC", "currency": "CNY", "caps": [ { "max": 1000, "per": "7d" } ],
              "creatives": { {{string.Join(", ", ids.Select(id => $$"""
                "{{id}}": { "format": "video", "size": "640x360", "url": "https://x.example/{{id}}", "caps": [ { "max": 900, "per": "lifetime" } ] }
                """))}} },
              "storylines": { "s": { "gap": "0s", "steps": [ { "id": "one", "for": {{Brands.Everyone}}, "creatives": [{{string.Join(", ", ids.Select(id => $"\"{id}\""))}}] } ] } },
              "campaigns": { "k": { "storyline": "s", "holdout": 0.000001 } } }
            """, $"b{symbol}", symbol);
    }
}
