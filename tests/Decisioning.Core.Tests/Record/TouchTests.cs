using System.Globalization;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Core.Tests.Consumers;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Record;

/// <summary>What time alone does to a consumer: published at the exact instant, whoever looks first, and called for by one calendar entry.</summary>
public sealed class TouchTests
{
    private const long Day = Worlds.Day;

    [Fact]
    public void A_late_touch_publishes_every_change_at_its_instant()
    {
        PlayedConsumer consumer = New();
        Buy(consumer, "o-1", Worlds.Noon);
        consumer.Now += 2 * Day;
        Buy(consumer, "o-2", consumer.Now);
        consumer.Now = Worlds.Noon + 3_000 * Day;
        Assert.Equal(long.MaxValue, consumer.Touch());
        Assert.Equal(
            [
                new StageChangeView(Worlds.Noon, DeeplinkStage.None, DeeplinkStage.Initial),
                new StageChangeView(Worlds.Noon + 2 * Day, DeeplinkStage.Initial, DeeplinkStage.Numerous),
                new StageChangeView(Worlds.Noon + 365 * Day, DeeplinkStage.Numerous, DeeplinkStage.Initial),
                new StageChangeView(Worlds.Noon + 912 * Day, DeeplinkStage.Initial, DeeplinkStage.None),
            ],
            consumer.Relationship().StageHistory);
        Assert.Equal([StageCause.Time, StageCause.Time], CausesOf(consumer));
        Assert.Equal(0, ConsumerCodec.CalendarHourOf(consumer.Packed));
    }

    [Fact]
    public void An_event_that_comes_first_publishes_what_was_due_before_itself()
    {
        PlayedConsumer consumer = New();
        consumer.Report(EventType.Cart);
        consumer.Now += 40 * Day;
        consumer.Report(EventType.View);
        Assert.Equal(
            [(Worlds.Noon, DeeplinkStage.Perform), (Worlds.Noon + 15 * Day, DeeplinkStage.None), (Worlds.Noon + 40 * Day, DeeplinkStage.Engage)],
            consumer.Relationship().StageHistory.Select(c => (c.At, c.To)));
        Assert.Equal([StageCause.Time, StageCause.Of(EventType.View)], CausesOf(consumer));
    }

    [Fact]
    public void What_ripened_long_ago_is_published_at_its_instant_and_so_is_its_end()
    {
        PlayedConsumer consumer = New();
        consumer.Report(EventType.Cart, Worlds.Noon + 60_000);
        consumer.Now += 16 * Day;
        consumer.Touch();
        Assert.Equal(
            [(Worlds.Noon + 60_000, DeeplinkStage.Perform), (Worlds.Noon + 60_000 + 15 * Day, DeeplinkStage.None)],
            consumer.Relationship().StageHistory.Select(c => (c.At, c.To)));
    }

    [Fact]
    public void The_calendar_entry_moves_only_earlier_until_it_fires()
    {
        PlayedConsumer consumer = New();
        consumer.Report(EventType.Cart);
        int first = Hour(Worlds.Noon + 15 * Day);
        Assert.Equal(first, ConsumerCodec.CalendarHourOf(consumer.Packed));
        consumer.Now += Day;
        consumer.Report(EventType.Cart);
        Assert.Equal(first, ConsumerCodec.CalendarHourOf(consumer.Packed));
        consumer.Now = Worlds.Noon + 15 * Day;
        int turns = consumer.Journal.Count;
        Assert.Equal(Worlds.Noon + 16 * Day, consumer.Touch());
        Assert.Equal((turns + 1, first + 24), (consumer.Journal.Count, ConsumerCodec.CalendarHourOf(consumer.Packed)));
        Assert.Equal(DeeplinkStage.Perform, consumer.Relationship().DeeplinkStage);
        consumer.Touch();
        Assert.Equal(turns + 1, consumer.Journal.Count);
    }

    [Fact]
    public void A_withdrawal_moves_the_entry_earlier_although_the_stage_stays()
    {
        PlayedConsumer consumer = New();
        consumer.Report(EventType.Favorite);
        consumer.Now += 5 * Day;
        consumer.Report(EventType.Follow);
        consumer.Report(EventType.Cart);
        consumer.Now += 11 * Day;
        consumer.Touch();
        Assert.Equal(Hour(Worlds.Noon + 20 * Day), ConsumerCodec.CalendarHourOf(consumer.Packed));
        consumer.Report(EventType.RemoveFromCart);
        Assert.Equal(DeeplinkStage.Enthuse, consumer.Relationship().DeeplinkStage);
        consumer.Now = Worlds.Noon + 21 * Day;
        consumer.Touch();
        Assert.Equal((0, DeeplinkStage.Enthuse), (ConsumerCodec.CalendarHourOf(consumer.Packed), consumer.Relationship().DeeplinkStage));
    }

    [Fact]
    public void Changed_rules_are_a_cause_of_their_own()
    {
        PlayedConsumer consumer = New();
        consumer.Report(EventType.View);
        consumer.Now += 10 * Day;
        consumer.Catalogue = Brands.Together(Brands.Of(""" "rules": { "windows": { "awareness": "5d" } }, "storylines": {}, "campaigns": {} """));
        consumer.Reclassify();
        Assert.Equal([StageCause.Rules], CausesOf(consumer));
        Assert.Equal((Worlds.Noon + 10 * Day, DeeplinkStage.None), (consumer.Relationship().StageHistory[^1].At, consumer.Relationship().StageHistory[^1].To));
        consumer.Catalogue = New().Catalogue;
        consumer.Report(EventType.Skip, change: e => new EventCommand
        {
            EventId = "skip",
            Type = e.Type,
            ConsumerId = e.ConsumerId,
            Brand = e.Brand,
            OccurredAt = e.OccurredAt,
            Creative = "a",
        });
        Assert.Equal([StageCause.Rules], CausesOf(consumer));
    }

    [Theory]
    [InlineData(new[] { 400, 380 }, DeeplinkStage.Initial)]
    [InlineData(new[] { 364, 363 }, DeeplinkStage.Numerous)]
    [InlineData(new[] { 911 }, DeeplinkStage.None)]
    [InlineData(new[] { 909, 2_000 }, DeeplinkStage.Initial)]
    public void Imported_history_makes_stages_and_books_nothing(int[] daysAgo, DeeplinkStage stage)
    {
        PlayedConsumer consumer = New();
        foreach (int days in daysAgo)
        {
            EventResult result = consumer.Import(History(EventType.Purchase, Worlds.Noon - days * Day, $"i-{days}"));
            Assert.Equal(EventStatus.Accepted, result.Status);
            Assert.Equal(EventStatus.Duplicate, consumer.Import(History(EventType.Purchase, Worlds.Noon - days * Day, $"i-{days}")).Status);
        }

        Assert.Equal(stage, consumer.Relationship().DeeplinkStage);
        Assert.All(consumer.Journal, j => Assert.All(KindsOf(j.Payload), k => Assert.True(k is FactKind.Stage or FactKind.Calendar)));
        Assert.All(consumer.Journal.SelectMany(j => CausesOf(j.Payload)), c => Assert.Equal(StageCause.Import, c));
        Assert.True(consumer.Packed.AsSpan().SequenceEqual(consumer.Replayed()));
    }

    [Theory]
    [InlineData("1999-12-31T23:59:59.999Z", EventCodes.ImpossibleDate)]
    [InlineData("2000-01-01T00:00:00Z", null)]
    [InlineData("2026-11-05T04:30:00.000Z", null)]
    [InlineData("2026-11-05T04:30:00.001Z", EventCodes.ImpossibleDate)]
    public void History_lies_between_two_thousand_and_now(string at, string? code) =>
        Assert.Equal(code, New().Import(History(EventType.View, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), "i")).Code);

    [Fact]
    public void An_old_refund_needs_its_purchase_before_it()
    {
        PlayedConsumer consumer = New();
        EventCommand refund = History(EventType.Refund, Worlds.Noon - 100 * Day, "r", "o");
        Assert.Equal(EventCodes.OrderUnknown, consumer.Import(refund).Code);
        Assert.Equal(EventStatus.Accepted, consumer.Import(History(EventType.Purchase, Worlds.Noon - 101 * Day, "p", "o")).Status);
        Assert.Equal(DeeplinkStage.Initial, consumer.Relationship().DeeplinkStage);
        Assert.Equal(EventStatus.Accepted, consumer.Import(refund).Status);
        Assert.Equal(DeeplinkStage.None, consumer.Relationship().DeeplinkStage);
    }

    [Fact]
    public void A_leap_day_is_a_day_like_any_other()
    {
        long leap = DateTimeOffset.Parse("2028-02-29T12:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        var consumer = new PlayedConsumer(New().Catalogue, leap);
        Buy(consumer, "o-1", leap);
        Assert.Equal(leap + 910 * Day, Due(consumer));
        consumer.Now = DateTimeOffset.Parse("2029-02-28T12:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        Buy(consumer, "o-2", consumer.Now);
        Assert.Equal(DeeplinkStage.Initial, consumer.Relationship().DeeplinkStage);
        consumer.Report(History(EventType.Purchase, consumer.Now - Day, "e-x", "o-3"));
        Assert.Equal(DeeplinkStage.Numerous, consumer.Relationship().DeeplinkStage);
    }

    private static long Due(PlayedConsumer consumer) =>
        StageRules.StableUntil(consumer.Load(), 0, consumer.Catalogue.Brands[0].Rules, consumer.Now);

    private static PlayedConsumer New() => new(Brands.Together(Brands.Of(""" "storylines": {}, "campaigns": {} """)), Worlds.Noon);

    private static void Buy(PlayedConsumer consumer, string order, long at) => Assert.Equal(EventStatus.Accepted, consumer.Purchase(order, 5, at).Status);

    private static EventCommand History(EventType type, long at, string id, string? order = null) => new()
    {
        EventId = id,
        Type = type,
        ConsumerId = PlayedConsumer.Id,
        Brand = "aurora",
        OccurredAt = at,
        OrderId = order ?? id,
        Value = 5,
        Currency = "CNY",
    };

    private static int Hour(long at) => (int)(at / Worlds.Hour);

    private static List<StageCause> CausesOf(PlayedConsumer consumer) => CausesOf(consumer.Journal[^1].Payload);

    private static List<StageCause> CausesOf(byte[] payload)
    {
        List<StageCause> causes = [];
        FactReader facts = TurnFacts.Of(payload);
        while (facts.MoveNext())
        {
            if (facts.Current.Kind == FactKind.Stage)
            {
                causes.Add(facts.Current.Cause);
            }
        }

        return causes;
    }

    private static List<FactKind> KindsOf(byte[] payload)
    {
        List<FactKind> kinds = [];
        FactReader facts = TurnFacts.Of(payload);
        while (facts.MoveNext())
        {
            kinds.Add(facts.Current.Kind);
        }

        return kinds;
    }
}
