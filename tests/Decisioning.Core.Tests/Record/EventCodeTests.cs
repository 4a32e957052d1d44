using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Record;

/// <summary>Each code of a rejected event; what is rejected changes nothing.</summary>
public sealed class EventCodeTests
{
    private static readonly string TooLong = new('x', 129);
    private static readonly DecisionRef Token = new(PlayedConsumer.Id, 7, 1, 1, 1, 1, Worlds.Noon, 600, PriceModel.None, 0);

    public static TheoryData<string, string, EventCommand> Rejected()
    {
        var data = new TheoryData<string, string, EventCommand>();
        Add(EventCodes.UnknownType, "an unknown type", Good(type: null, typeName: "buy"));
        Add(EventCodes.UnknownBrand, "an unknown brand", Good(brand: "nobody"));
        Add(EventCodes.BadId, "an empty event id", Good(id: ""));
        Add(EventCodes.BadId, "an event id of 129 bytes", Good(id: TooLong));
        Add(EventCodes.BadId, "an event id of 43 letters and 129 bytes", Good(id: new string('店', 43)));
        Add(EventCodes.BadId, "a long consumer id", Good(consumer: TooLong));
        Add(EventCodes.BadId, "a long item", Good(item: TooLong));
        Add(EventCodes.BadId, "a long order", Good(EventType.Purchase, order: TooLong, value: 1, currency: "CNY"));
        Add(EventCodes.MissingField, "no event id", Good(id: null));
        Add(EventCodes.MissingField, "no type", Good(type: null));
        Add(EventCodes.MissingField, "no consumer", Good(consumer: null));
        Add(EventCodes.MissingField, "no brand", Good(brand: null));
        Add(EventCodes.MissingField, "no instant", Good(at: null));
        foreach (EventType money in (EventType[])[EventType.Purchase, EventType.Deposit, EventType.Refund])
        {
            Add(EventCodes.MissingField, $"{money} without order", Good(money, value: 1, currency: "CNY"));
            Add(EventCodes.MissingField, $"{money} without value", Good(money, order: "o", currency: "CNY"));
            Add(EventCodes.MissingField, $"{money} without currency", Good(money, order: "o", value: 1));
            Add(EventCodes.CurrencyMismatch, $"{money} in another currency", Good(money, order: "o", value: 1, currency: "EUR"));
            Add(EventCodes.BadValue, $"{money} below 0", Good(money, order: "o", value: -1, currency: "CNY"));
            Add(EventCodes.BadValue, $"{money} above a billion", Good(money, order: "o", value: EventRules.MaxValueMicros + 1, currency: "CNY"));
        }

        Add(EventCodes.MissingField, "a review without rating", Good(EventType.Review));
        Add(EventCodes.BadValue, "a rating of 0", Good(EventType.Review, rating: 0));
        Add(EventCodes.BadValue, "a rating of 6", Good(EventType.Review, rating: 6));
        for (EventType ad = EventType.Impression; ad <= EventType.Dismiss; ad++)
        {
            Add(EventCodes.MissingField, $"{ad} of nothing", Good(ad));
        }

        Add(EventCodes.BadValue, "an unknown creative", Good(EventType.Impression, creative: "nothing"));
        Add(EventCodes.DecisionUnknown, "an unreadable token", Good(EventType.Impression, unreadable: true));
        Add(EventCodes.DecisionUnknown, "another consumer's decision", Good(EventType.Impression, decision: Token with { ConsumerId = "c-43" }));
        Add(EventCodes.DecisionUnknown, "nobody's decision", Good(EventType.Impression, decision: Token with { ConsumerId = null }));
        Add(EventCodes.DecisionUnknown, "another brand's decision", Good(EventType.Impression, decision: Token with { Brand = 8 }));
        Add(EventCodes.TooOld, "a decision of 30 d and 1 ms ago", Good(EventType.Impression, decision: Token with { DecidedAt = Worlds.Noon - 30 * Worlds.Day - 1 }));
        Add(EventCodes.InFuture, "a decision from ahead of the clock", Good(EventType.Impression, decision: Token with { DecidedAt = Worlds.Noon + 300_001 }));
        Add(EventCodes.TooOld, "30 d and 1 ms late", Good(at: Worlds.Noon - 30 * Worlds.Day - 1));
        Add(EventCodes.InFuture, "5 min and 1 ms ahead", Good(at: Worlds.Noon + 300_001));
        return data;

        void Add(string code, string because, EventCommand command) => data.Add(code, because, command);
    }

    [Theory]
    [MemberData(nameof(Rejected))]
    public void Each_fault_has_its_code_and_changes_nothing(string code, string because, EventCommand command)
    {
        var consumer = new PlayedConsumer(Brands.Together(Brands.Simple()), Worlds.Noon);
        EventResult result = consumer.Report(command);
        Assert.True((result.Status, result.Code) == (EventStatus.Rejected, code), $"{because}: {result}");
        Assert.False(string.IsNullOrEmpty(result.Detail));
        Assert.Equal(command.EventId, result.EventId);
        Assert.Null(consumer.Packed);
    }

    [Theory]
    [InlineData(-30L * 86_400_000)]
    [InlineData(300_000L)]
    public void The_bounds_themselves_are_accepted(long offset)
    {
        var consumer = new PlayedConsumer(Brands.Together(Brands.Simple()), Worlds.Noon);
        Assert.Equal(EventStatus.Accepted, consumer.Report(Good(at: Worlds.Noon + offset, id: new string('x', 128))).Status);
    }

    [Fact]
    public void Every_missing_member_is_named_at_once()
    {
        var consumer = new PlayedConsumer(Brands.Together(Brands.Simple()), Worlds.Noon);
        string detail = consumer.Report(new EventCommand { Type = EventType.Purchase, TypeName = "purchase" }).Detail!;
        Assert.All((string[])["eventId", "consumerId", "brand", "occurredAt", "orderId", "value", "currency"], name => Assert.Contains(name, detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_is_named_at_once_and_the_first_gives_the_code()
    {
        var consumer = new PlayedConsumer(Brands.Together(Brands.Simple()), Worlds.Noon);
        EventResult result = consumer.Report(Good(type: null, typeName: "buy", id: "", brand: "nobody", at: null, item: TooLong, value: -1, rating: 6));
        Assert.Equal(EventCodes.MissingField, result.Code);
        Assert.Equal(
            "Missing: occurredAt. Ids are 1 to 128 bytes of UTF-8; not so: eventId, item. There is no event type 'buy'. There is no brand 'nobody'. "
                + "value is in micros, 0 to 1000000000000000. rating is 1 to 5.",
            result.Detail);
    }

    [Fact]
    public void An_ad_interaction_s_faults_are_named_with_the_others()
    {
        var consumer = new PlayedConsumer(Brands.Together(Brands.Simple()), Worlds.Noon);
        DecisionRef strange = Token with { Brand = 8, DecidedAt = Worlds.Noon - 30 * Worlds.Day - 1 };
        EventResult result = consumer.Report(Good(EventType.Click, at: Worlds.Noon + 300_001, currency: "XXX", decision: strange));
        Assert.Equal(EventCodes.CurrencyMismatch, result.Code);
        Assert.Equal(
            "The brand's currency is CNY, not XXX. Events may lie at most 5 minutes ahead of the server's clock. The decision is another consumer's or another brand's. "
                + "The decision is over 30 days old.",
            result.Detail);
        Assert.Null(consumer.Packed);
    }

    private static EventCommand Good(
        EventType? type = EventType.View, string? typeName = null, string? id = "e", string? consumer = PlayedConsumer.Id, string? brand = "aurora",
        long? at = -1, string? item = null, string? order = null, long? value = null, string? currency = null, int? rating = null,
        DecisionRef? decision = null, bool unreadable = false, string? creative = null) => new()
        {
            EventId = id,
            Type = type,
            TypeName = typeName,
            ConsumerId = consumer,
            Brand = brand,
            OccurredAt = at == -1 ? Worlds.Noon : at,
            Item = item,
            OrderId = order,
            Value = value,
            Currency = currency,
            Rating = rating,
            Decision = decision,
            DecisionUnreadable = unreadable,
            Creative = creative,
        };
}
