using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>Audiences of every kind, for a consumer aged 30 with one cart ten days old, two views an hour old and one purchase refunded.</summary>
public sealed class AudienceRuleTests
{
    [Theory]
    [InlineData("""{ "attribute": "age", "is": 30 }""", true)]
    [InlineData("""{ "attribute": "age", "is": "30" }""", false)]
    [InlineData("""{ "attribute": "age", "in": [29, 30] }""", true)]
    [InlineData("""{ "attribute": "age", "in": [29, 31] }""", false)]
    [InlineData("""{ "attribute": "age", "from": 30 }""", true)]
    [InlineData("""{ "attribute": "age", "from": 30.5 }""", false)]
    [InlineData("""{ "attribute": "age", "to": 30 }""", true)]
    [InlineData("""{ "attribute": "age", "from": 20, "to": 29 }""", false)]
    [InlineData("""{ "attribute": "city", "is": "上海" }""", true)]
    [InlineData("""{ "attribute": "city", "from": 1 }""", false)]
    [InlineData("""{ "attribute": "vip", "is": true }""", true)]
    [InlineData("""{ "attribute": "vip", "is": 1 }""", false)]
    [InlineData("""{ "attribute": "never-sent", "is": 1 }""", false)]
    [InlineData("""{ "not": { "attribute": "never-sent", "is": 1 } }""", true)]
    [InlineData("""{ "event": "cart", "within": "11d" }""", true)]
    [InlineData("""{ "event": "cart", "within": "10d" }""", false)]
    [InlineData("""{ "event": "view", "within": "3h", "atLeast": 2 }""", true)]
    [InlineData("""{ "event": "view", "within": "3h", "atLeast": 3 }""", false)]
    [InlineData("""{ "event": "purchase", "within": "90d" }""", false)]
    [InlineData("""{ "event": "refund", "within": "90d" }""", true)]
    [InlineData("""{ "stage": ["perform"] }""", true)]
    [InlineData("""{ "stage": ["interest"] }""", true)]
    [InlineData("""{ "stage": ["enthuse", "purchase"] }""", false)]
    [InlineData("""{ "intent": { "from": 30, "to": 50 } }""", true)]
    [InlineData("""{ "intent": { "from": 50 } }""", false)]
    [InlineData("""{ "all": [ { "attribute": "age", "from": 25 }, { "stage": ["perform"] } ] }""", true)]
    [InlineData("""{ "all": [ { "attribute": "age", "from": 35 }, { "stage": ["perform"] } ] }""", false)]
    [InlineData("""{ "any": [ { "attribute": "age", "from": 35 }, { "stage": ["perform"] } ] }""", true)]
    [InlineData("""{ "any": [ { "attribute": "age", "from": 35 }, { "stage": ["keen"] } ] }""", false)]
    [InlineData("""{ "audience": "grown" }""", true)]
    [InlineData("""{ "not": { "audience": "grown" } }""", false)]
    public void A_consumer_is_in_the_audience_or_not(string audience, bool inside)
    {
        foreach ((string part, bool served) in (ReadOnlySpan<(string, bool)>)[("audiences", inside), ("not", !inside)])
        {
            PlayedConsumer consumer = Consumer(audience, part);
            Assert.Equal(served ? null : NoDecisionReason.Targeting, consumer.Decide(c => Know(c, 30)).Placements[0].NoDecision?.Reason);
        }
    }

    [Fact]
    public void The_newest_attribute_wins_and_is_remembered()
    {
        PlayedConsumer consumer = Consumer("""{ "attribute": "age", "is": 30 }""", "audiences");
        Assert.Empty(consumer.Decide().Placements[0].Decisions);
        consumer.Chosen(c => Know(c, 30));
        consumer.Chosen();
        Assert.Empty(consumer.Decide(c => Know(c, 31)).Placements[0].Decisions);
        Assert.Empty(consumer.Decide().Placements[0].Decisions);
        consumer.Chosen(c => Know(c, 30));
    }

    private static PlayedConsumer Consumer(string audience, string part)
    {
        BrandSnapshot brand = Brands.Simple(
            brand: $$""" "audiences": { "grown": { "attribute": "age", "from": 18 }, "asked": {{audience}} }, """,
            campaign: $$""" "targeting": { "{{part}}": ["asked"] }, """);
        var consumer = new PlayedConsumer(Brands.Together(brand), Worlds.Noon);
        consumer.Report(EventType.Cart, Worlds.Noon - 10 * Worlds.Day);
        consumer.Report(EventType.View, Worlds.Noon - Worlds.Hour);
        consumer.Report(EventType.View, Worlds.Noon - Worlds.Hour);
        consumer.Purchase("o", 100, Worlds.Noon - 20 * Worlds.Day);
        consumer.Purchase("o", 100, Worlds.Noon - 19 * Worlds.Day, EventType.Refund);
        return consumer;
    }

    private static void Know(DecideCommand command, int age)
    {
        command.Attributes.Add(new("age", AttributeValue.Of(age)));
        command.Attributes.Add(new("city", AttributeValue.Of("上海")));
        command.Attributes.Add(new("vip", AttributeValue.Of(true)));
    }
}
