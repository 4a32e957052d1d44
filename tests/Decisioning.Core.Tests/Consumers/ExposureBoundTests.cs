using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>What happens where the list of exposures ends: at 256 entries and after 30 days.</summary>
public sealed class ExposureBoundTests
{
    [Fact]
    public void A_list_full_of_live_reservations_refuses_and_neither_charges_nor_counts()
    {
        PlayedConsumer consumer = New(brand: """ "rules": { "reserve": "1h" }, """, campaign: """ "price": { "model": "cpm", "amount": "10.00" }, """);
        for (int i = 0; i < StateBounds.Exposures; i++)
        {
            consumer.Chosen();
            consumer.Now++;
        }

        int movements = consumer.Market.Movements.Count;
        foreach (bool atOnce in (bool[])[false, true])
        {
            PlacementReply reply = Ask(consumer, atOnce);
            Assert.Equal(NoDecisionReason.FrequencyCap, reply.NoDecision!.Value.Reason);
        }

        Assert.Equal(movements, consumer.Market.Movements.Count);
        Assert.Equal(consumer.Packed, consumer.Replayed());
        consumer.Now = Worlds.Noon + Worlds.Hour;
        Assert.Equal((uint)StateBounds.Exposures + 1, consumer.Chosen().Ordinal);
        Assert.Equal(consumer.Packed, consumer.Replayed());
    }

    [Fact]
    public void More_than_the_list_holds_still_counts_for_a_lifetime()
    {
        const int Max = 300;
        PlayedConsumer consumer = New(campaign: $$""" "caps": [ { "max": {{Max}}, "per": "lifetime" } ], """);
        for (int i = 0; i < Max; i++)
        {
            Assert.Single(Ask(consumer, true).Decisions);
            consumer.Now++;
        }

        Assert.Equal(StateBounds.Exposures, consumer.Relationship().Exposures.Count);
        foreach (long later in (long[])[0, Worlds.Day, 40 * Worlds.Day, 900 * Worlds.Day])
        {
            consumer.Now += later;
            Assert.Equal(new NoDecision(NoDecisionReason.FrequencyCap, null), Ask(consumer, true).NoDecision);
        }

        CapView cap = Assert.Single(consumer.Relationship().Caps, c => c.Scope == "campaign");
        Assert.Equal((Max, null, null), (cap.Count, cap.WindowMs, cap.FreeAt));
    }

    [Theory]
    [InlineData("server")]
    [InlineData("brand")]
    [InlineData("campaign")]
    [InlineData("step")]
    [InlineData("creative")]
    public void A_lifetime_cap_of_every_level_outlives_the_list(string level)
    {
        const string Caps = """ "caps": [ { "max": 2, "per": "lifetime" } ], """;
        BrandSnapshot brand = Brands.Compile(
            $$"""
            { "name": "B", "industry": "beauty", "timeZone": "UTC", "currency": "CNY", {{On("brand")}}
              "creatives": { "a": { {{On("creative")}} "format": "video", "size": "fluid", "url": "https://x.example/a" } },
              "storylines": { "s": { "steps": [ { "id": "one", "for": {{Brands.Everyone}}, {{On("step")}} "creatives": ["a"] } ] } },
              "campaigns": { "k": { {{On("campaign")}} "storyline": "s" } } }
            """);
        var settings = new ServerSettings(level == "server" ? [new CapRule(2, CapRule.Lifetime)] : [], []);
        var consumer = new PlayedConsumer(new CatalogueSnapshot([brand], settings, "1"), Worlds.Noon);
        Assert.Single(Ask(consumer, true).Decisions);
        consumer.Now += 50 * Worlds.Day;
        Assert.Single(Ask(consumer, true).Decisions);
        consumer.Now += 50 * Worlds.Day;
        Assert.Equal(new NoDecision(NoDecisionReason.FrequencyCap, null), Ask(consumer, true).NoDecision);
        Assert.Empty(consumer.Relationship().Exposures);

        string On(string at) => at == level ? Caps : "";
    }

    [Theory]
    [InlineData("30d", 30 * 24)]
    [InlineData("708h", 708)]
    public void What_has_left_a_cap_does_not_come_back_when_the_list_lets_go_of_it(string per, int hours)
    {
        PlayedConsumer consumer = New(campaign: $$""" "caps": [ { "max": 1, "per": "{{per}}" } ], """);
        Assert.Single(Ask(consumer, true).Decisions);
        long free = consumer.Now + hours * Worlds.Hour;
        consumer.Now = free - 1;
        Assert.Equal(new NoDecision(NoDecisionReason.FrequencyCap, free), Ask(consumer, true).NoDecision);
        for (consumer.Now = free; consumer.Now < free + 2 * Worlds.Day; consumer.Now += Worlds.Hour)
        {
            Assert.Single(Ask(consumer, false).Decisions);
            consumer.Now += 10 * 60_000;
        }
    }

    [Fact]
    public void A_decision_exactly_thirty_days_old_is_met_once_and_an_older_one_not_at_all()
    {
        PlayedConsumer consumer = New(campaign: """ "caps": [ { "max": 2, "per": "lifetime" } ], """);
        DecisionRef token = PlayedConsumer.RefOf(consumer.Chosen(), consumer.Now);
        consumer.Track(token, EventType.Impression);
        consumer.Now += 30 * Worlds.Day;
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.Click, decision: token).Status);
        Assert.Equal(1, Assert.Single(consumer.Relationship().Caps).Count);
        consumer.Now++;
        Assert.Equal(EventCodes.TooOld, consumer.Report(EventType.Engage, decision: token).Code);
        Assert.True(consumer.Track(token, EventType.Engage));
        Assert.Equal(1, Assert.Single(consumer.Relationship().Caps).Count);
    }

    private static PlayedConsumer New(string brand = "", string campaign = "") => new(Brands.Together(Brands.Simple(brand: brand, campaign: campaign)), Worlds.Noon);

    private static PlacementReply Ask(PlayedConsumer consumer, bool atOnce) => consumer.Decide(
        c => c.Placements[0] = new PlacementCommand { Id = "p", Formats = 0xF, Count = 1, ConfirmAtDecision = atOnce }).Placements[0];
}
