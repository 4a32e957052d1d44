using System.Globalization;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>Each rule of the stage table at the last millisecond at which it holds and the first at which it does not.</summary>
public sealed class StageEdgeTests
{
    private const long Day = Worlds.Day;

    [Theory]
    [InlineData(EventType.Impression, DeeplinkStage.Discover, 15)]
    [InlineData(EventType.Viewable, DeeplinkStage.Discover, 15)]
    [InlineData(EventType.Watched, DeeplinkStage.Engage, 15)]
    [InlineData(EventType.Click, DeeplinkStage.Engage, 15)]
    [InlineData(EventType.Engage, DeeplinkStage.Engage, 15)]
    [InlineData(EventType.Search, DeeplinkStage.Engage, 15)]
    [InlineData(EventType.View, DeeplinkStage.Engage, 15)]
    [InlineData(EventType.BrandSearch, DeeplinkStage.Enthuse, 15)]
    [InlineData(EventType.ContentEngage, DeeplinkStage.Enthuse, 15)]
    [InlineData(EventType.ShopVisit, DeeplinkStage.Enthuse, 15)]
    [InlineData(EventType.Favorite, DeeplinkStage.Perform, 15)]
    [InlineData(EventType.Cart, DeeplinkStage.Perform, 15)]
    [InlineData(EventType.CouponClaim, DeeplinkStage.Perform, 15)]
    [InlineData(EventType.SampleClaim, DeeplinkStage.Perform, 15)]
    [InlineData(EventType.Deposit, DeeplinkStage.Perform, 30)]
    [InlineData(EventType.Purchase, DeeplinkStage.Initial, 910)]
    [InlineData(EventType.Review, DeeplinkStage.Keen, 365)]
    public void A_window_ends_at_its_own_millisecond(EventType type, DeeplinkStage stage, int days)
    {
        PlayedConsumer consumer = New();
        Tell(consumer, type, Worlds.Noon, order: "o", value: 5_000_000);
        Assert.Equal(stage, StageAt(consumer, Worlds.Noon));
        Assert.Equal(stage, StageAt(consumer, Worlds.Noon + days * Day - 1));
        Assert.Equal(DeeplinkStage.None, StageAt(consumer, Worlds.Noon + days * Day));
    }

    [Theory]
    [InlineData(EventType.Skip)]
    [InlineData(EventType.Dismiss)]
    [InlineData(EventType.Unfavorite)]
    [InlineData(EventType.RemoveFromCart)]
    [InlineData(EventType.Unfollow)]
    [InlineData(EventType.LeaveMember)]
    [InlineData(EventType.Refund)]
    public void What_is_no_evidence_makes_no_stage(EventType type)
    {
        PlayedConsumer consumer = New();
        Tell(consumer, type, Worlds.Noon, order: "o", value: 5_000_000);
        Assert.Equal(DeeplinkStage.None, StageAt(consumer, Worlds.Noon));
    }

    [Theory]
    [InlineData(EventType.Follow, EventType.Unfollow)]
    [InlineData(EventType.JoinMember, EventType.LeaveMember)]
    public void Following_and_membership_last_until_left_whatever_the_item_says(EventType put, EventType taken)
    {
        PlayedConsumer consumer = New();
        Tell(consumer, put, Worlds.Noon, item: "shop-1");
        Assert.Equal(DeeplinkStage.Enthuse, StageAt(consumer, Worlds.Noon + 2_000 * Day));
        consumer.Now = Worlds.Noon + 400 * Day;
        Tell(consumer, taken, consumer.Now, item: "shop-2");
        Assert.Equal(DeeplinkStage.None, StageAt(consumer, consumer.Now));
    }

    [Theory]
    [InlineData(EventType.Favorite, EventType.Unfavorite)]
    [InlineData(EventType.Cart, EventType.RemoveFromCart)]
    public void Taking_out_undoes_every_earlier_put_of_the_same_item_and_wins_at_the_same_instant(EventType put, EventType taken)
    {
        PlayedConsumer consumer = New();
        Tell(consumer, put, Worlds.Noon - 20, item: "a");
        Tell(consumer, put, Worlds.Noon - 10, item: "a");
        Tell(consumer, taken, Worlds.Noon - 10, item: "b");
        Assert.Equal(DeeplinkStage.Perform, StageAt(consumer, Worlds.Noon));
        Tell(consumer, taken, Worlds.Noon - 10, item: "a");
        Assert.Equal((DeeplinkStage.None, 0.0), StageAndIntent(consumer, Worlds.Noon));
        Tell(consumer, put, Worlds.Noon - 9, item: "a");
        Assert.Equal(DeeplinkStage.Perform, StageAt(consumer, Worlds.Noon));
        Tell(consumer, taken, Worlds.Noon, item: null);
        Assert.Equal(DeeplinkStage.Perform, StageAt(consumer, Worlds.Noon));
    }

    [Theory]
    [InlineData("Asia/Shanghai", "2026-11-05T15:59:59.999Z", "2026-11-05T16:00:00.000Z", true)]
    [InlineData("Asia/Shanghai", "2026-11-05T16:01:00Z", "2026-11-06T15:59:00Z", false)]
    [InlineData("Asia/Kolkata", "2026-11-05T18:29:59.999Z", "2026-11-05T18:30:00Z", true)]
    [InlineData("Asia/Kolkata", "2026-11-05T16:00:00Z", "2026-11-05T18:29:59.999Z", false)]
    [InlineData("America/New_York", "2026-11-01T04:00:00Z", "2026-11-02T04:59:59.999Z", false)]
    [InlineData("America/New_York", "2026-11-01T03:59:59.999Z", "2026-11-01T04:00:00Z", true)]
    public void Two_days_are_days_of_the_brand(string zone, string first, string second, bool two)
    {
        long a = At(first), b = At(second);
        foreach (EventType type in (EventType[])[EventType.View, EventType.Purchase])
        {
            PlayedConsumer consumer = new(Brands.Together(Brands.Of(Empty, zone: zone)), b);
            Tell(consumer, type, b, order: "o-2", value: 1);
            Tell(consumer, type, a, order: "o-1", value: 1);
            DeeplinkStage one = type == EventType.View ? DeeplinkStage.Engage : DeeplinkStage.Initial;
            DeeplinkStage both = type == EventType.View ? DeeplinkStage.Enthuse : DeeplinkStage.Numerous;
            Assert.Equal(two ? both : one, StageAt(consumer, b));
        }
    }

    [Fact]
    public void Views_on_two_days_enthuse_until_the_older_day_is_out_of_the_window()
    {
        PlayedConsumer consumer = New();
        Tell(consumer, EventType.View, Worlds.Noon - 2 * Day);
        Tell(consumer, EventType.View, Worlds.Noon - Day);
        Tell(consumer, EventType.View, Worlds.Noon - Day + 500);
        Tell(consumer, EventType.View, Worlds.Noon);
        Assert.Equal(DeeplinkStage.Enthuse, StageAt(consumer, Worlds.Noon + 14 * Day + 499));
        Assert.Equal(DeeplinkStage.Engage, StageAt(consumer, Worlds.Noon + 14 * Day + 500));
    }

    [Fact]
    public void Loyalty_falls_to_purchase_when_one_of_two_days_leaves_its_window()
    {
        PlayedConsumer consumer = New();
        Tell(consumer, EventType.Purchase, Worlds.Noon - 3 * Day, order: "o-1", value: 1);
        Tell(consumer, EventType.Purchase, Worlds.Noon, order: "o-2", value: 1);
        Assert.Equal(DeeplinkStage.Numerous, StageAt(consumer, Worlds.Noon + 362 * Day - 1));
        Assert.Equal(DeeplinkStage.Initial, StageAt(consumer, Worlds.Noon + 362 * Day));
        Assert.Equal(DeeplinkStage.Initial, StageAt(consumer, Worlds.Noon + 910 * Day - 1));
        Assert.Equal(DeeplinkStage.None, StageAt(consumer, Worlds.Noon + 910 * Day));
    }

    [Theory]
    [InlineData(3, DeeplinkStage.None)]
    [InlineData(4, DeeplinkStage.Keen)]
    [InlineData(5, DeeplinkStage.Keen)]
    public void A_review_is_positive_from_four(int rating, DeeplinkStage stage)
    {
        PlayedConsumer consumer = New();
        consumer.Report(new Happening(EventType.Review, Worlds.Noon, Worlds.Noon, "e") { Rating = rating }.Command(PlayedConsumer.Id, "aurora"));
        Assert.Equal(stage, StageAt(consumer, Worlds.Noon));
    }

    [Theory]
    [InlineData(2_499_999_999, DeeplinkStage.Numerous)]
    [InlineData(2_500_000_000, DeeplinkStage.Keen)]
    public void Spend_makes_keen_at_the_amount_and_only_while_numerous(long value, DeeplinkStage stage)
    {
        PlayedConsumer consumer = new(Brands.Together(Brands.Of($$""" "rules": { "keenSpend": "5000.00" }, {{Empty}} """)), Worlds.Noon);
        Tell(consumer, EventType.Purchase, Worlds.Noon, order: "o-1", value: 2_500_000_000);
        Assert.Equal(DeeplinkStage.Initial, StageAt(consumer, Worlds.Noon));
        Tell(consumer, EventType.Purchase, Worlds.Noon - Day, order: "o-2", value: value);
        Assert.Equal(stage, StageAt(consumer, Worlds.Noon));
        Tell(consumer, EventType.Refund, Worlds.Noon, order: "o-1", value: 1);
        Assert.Equal(DeeplinkStage.Numerous, StageAt(consumer, Worlds.Noon));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refund_removes_its_purchase_when_it_sums_to_the_value_and_may_come_first(bool refundFirst)
    {
        PlayedConsumer consumer = New();
        Action[] acts =
        [
            () => Tell(consumer, EventType.Purchase, Worlds.Noon - 10, order: "o", value: 100),
            () => Tell(consumer, EventType.Refund, Worlds.Noon - 5, order: "o", value: 60),
        ];
        foreach (Action act in refundFirst ? acts.Reverse() : acts)
        {
            act();
        }

        Assert.Equal(DeeplinkStage.Initial, StageAt(consumer, Worlds.Noon));
        Tell(consumer, EventType.Refund, Worlds.Noon - 5, order: "o", value: 39);
        Assert.Equal(DeeplinkStage.Initial, StageAt(consumer, Worlds.Noon));
        Tell(consumer, EventType.Refund, Worlds.Noon - 4, order: "o", value: 1);
        Assert.Equal(DeeplinkStage.None, StageAt(consumer, Worlds.Noon));
    }

    [Theory]
    [InlineData(EventType.Purchase, DeeplinkStage.Initial)]
    [InlineData(EventType.Refund, DeeplinkStage.None)]
    public void A_deposit_counts_until_paid_or_refunded(EventType end, DeeplinkStage stage)
    {
        PlayedConsumer consumer = New();
        Tell(consumer, EventType.Deposit, Worlds.Noon, order: "o", value: 100);
        consumer.Now += Day;
        Tell(consumer, end, consumer.Now, order: "other", value: 100);
        Assert.Equal(end == EventType.Purchase ? DeeplinkStage.Initial : DeeplinkStage.Perform, StageAt(consumer, consumer.Now));
        Tell(consumer, end, consumer.Now, order: "o", value: 1);
        Assert.Equal(stage, StageAt(consumer, consumer.Now));
    }

    [Fact]
    public void Brands_may_read_a_click_as_interest_and_want_more_than_an_impression()
    {
        BrandSnapshot strict = Brands.Of($$""" "rules": { "awarenessFrom": "viewable", "adClick": "interest" }, {{Empty}} """);
        PlayedConsumer consumer = new(Brands.Together(strict), Worlds.Noon);
        Tell(consumer, EventType.Impression, Worlds.Noon);
        Assert.Equal(DeeplinkStage.None, StageAt(consumer, Worlds.Noon));
        Tell(consumer, EventType.Click, Worlds.Noon);
        Assert.Equal(DeeplinkStage.Enthuse, StageAt(consumer, Worlds.Noon));
    }

    [Fact]
    public void An_event_ahead_of_the_clock_counts_from_its_instant()
    {
        PlayedConsumer consumer = New();
        Tell(consumer, EventType.Cart, Worlds.Noon + 300_000);
        Assert.Equal(DeeplinkStage.None, StageAt(consumer, Worlds.Noon + 299_999));
        Assert.Equal(DeeplinkStage.Perform, StageAt(consumer, Worlds.Noon + 300_000));
        consumer.Now += 300_000;
        Assert.Equal(DeeplinkStage.Perform, consumer.Relationship().DeeplinkStage);
    }

    private const string Empty = """ "storylines": {}, "campaigns": {} """;

    private static PlayedConsumer New() => new(Brands.Together(Brands.Of(Empty)), Worlds.Noon);

    private static void Tell(PlayedConsumer consumer, EventType type, long at, string? item = null, string? order = null, long? value = null)
    {
        bool money = type is EventType.Purchase or EventType.Deposit or EventType.Refund;
        var happening = new Happening(type, at, consumer.Now, $"{consumer.Journal.Count}")
        {
            Item = item,
            Order = money ? order : null,
            Value = money ? value : null,
            Rating = type == EventType.Review ? 5 : null,
            Creative = type <= EventType.Dismiss ? "a" : null,
        };
        EventResult result = consumer.Report(happening.Command(PlayedConsumer.Id, "aurora"));
        Assert.True(result.Status == EventStatus.Accepted, result.ToString());
    }

    private static DeeplinkStage StageAt(PlayedConsumer consumer, long t) => consumer.RelationshipAt(t).DeeplinkStage;

    private static (DeeplinkStage, double) StageAndIntent(PlayedConsumer consumer, long t) => (consumer.RelationshipAt(t).DeeplinkStage, consumer.RelationshipAt(t).Intent);

    private static long At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
