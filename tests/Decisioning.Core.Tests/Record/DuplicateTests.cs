using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Record;

/// <summary>Repeats, erasure, and the bounds of what a consumer holds.</summary>
public sealed class DuplicateTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-20L * 86_400_000)]
    [InlineData(300_000)]
    public void An_event_id_counts_once_within_thirty_days_of_its_later_instant(long offset)
    {
        PlayedConsumer consumer = New();
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.View, Worlds.Noon + offset, id: "e").Status);
        byte[] kept = consumer.Packed!;
        long last = Math.Max(Worlds.Noon, Worlds.Noon + offset) + 30 * Worlds.Day;
        foreach (long at in (long[])[Worlds.Noon, Worlds.Noon + Worlds.Day, last - 1])
        {
            consumer.Now = at;
            Assert.Equal(EventStatus.Duplicate, consumer.Report(EventType.Cart, id: "e").Status);
            Assert.Same(kept, consumer.Packed);
        }

        consumer.Now = last + Worlds.Hour;
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.Cart, id: "e").Status);
    }

    [Fact]
    public void A_rejected_event_may_be_sent_again_and_ids_of_different_consumers_do_not_meet()
    {
        PlayedConsumer consumer = New();
        Assert.Equal(EventStatus.Rejected, consumer.Report(EventType.Purchase, id: "e").Status);
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.View, id: "e").Status);
    }

    [Fact]
    public void Nothing_from_before_an_erasure_counts()
    {
        PlayedConsumer consumer = New();
        DecisionRef token = PlayedConsumer.RefOf(consumer.Chosen(), consumer.Now);
        consumer.Packed = null;
        consumer.ErasedAt = Worlds.Noon;
        consumer.Now = Worlds.Noon + 10;
        Assert.False(consumer.Track(token, EventType.Impression));
        Assert.Equal(EventCodes.TooOld, consumer.Report(EventType.Click, decision: token).Code);
        Assert.Equal(EventCodes.TooOld, consumer.Report(EventType.Cart, Worlds.Noon).Code);
        Assert.Null(consumer.Packed);
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.Cart, Worlds.Noon + 1).Status);
    }

    [Fact]
    public void A_consumer_takes_so_many_events_in_thirty_days_and_then_refuses()
    {
        PlayedConsumer consumer = New();
        for (int i = 0; i < StateBounds.EventIds; i++)
        {
            Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.View).Status);
        }

        byte[] kept = consumer.Packed!;
        EventResult full = consumer.Report(EventType.View);
        Assert.Equal(EventCodes.ConsumerFull, full.Code);
        Assert.Equal(EventStatus.Duplicate, consumer.Report(EventType.View, id: "e-0").Status);
        Assert.Same(kept, consumer.Packed);
        consumer.Now += 30 * Worlds.Day + Worlds.Hour;
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.View).Status);
    }

    [Fact]
    public void A_consumer_is_known_to_so_many_brands_and_then_refuses_and_is_not_decided_for()
    {
        BrandSnapshot[] brands = [.. Enumerable.Range(1, StateBounds.Relationships + 1).Select(i => Brands.Simple($"b{i}", i))];
        var consumer = new PlayedConsumer(Brands.Together(brands), Worlds.Noon);
        for (int i = 1; i <= StateBounds.Relationships; i++)
        {
            consumer.Brands = [$"b{i}"];
            Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.View).Status);
        }

        consumer.Brands = [$"b{StateBounds.Relationships + 1}"];
        Assert.Equal(EventCodes.ConsumerFull, consumer.Report(EventType.View).Code);
        Assert.Equal(Core.Decide.NoDecisionReason.FrequencyCap, consumer.Decide().Placements[0].NoDecision!.Value.Reason);
        consumer.Brands = ["b1"];
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.View).Status);
        consumer.Chosen();
        Assert.Equal(consumer.Packed, consumer.Replayed());
    }

    [Fact]
    public void So_many_events_may_lie_ahead_and_they_join_when_their_instant_comes()
    {
        PlayedConsumer consumer = New();
        for (int i = 0; i < StateBounds.Pending; i++)
        {
            Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.View, Worlds.Noon + 1 + i % 1000).Status);
        }

        Assert.Equal(EventCodes.ConsumerFull, consumer.Report(EventType.View, Worlds.Noon + 1).Code);
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.View, Worlds.Noon).Status);
        consumer.Now += 1;
        Assert.Equal(EventStatus.Accepted, consumer.Report(EventType.View, Worlds.Noon + 300_001).Status);
        consumer.Now = Worlds.Noon + 300_001;
        Assert.Equal(StateBounds.Pending + 2, consumer.Relationship().Behaviours["view"].Count);
    }

    [Fact]
    public void So_many_refunds_wait_for_their_orders_thirty_days()
    {
        PlayedConsumer consumer = New();
        for (int i = 0; i < StateBounds.WaitingRefunds; i++)
        {
            Assert.Equal(EventStatus.Accepted, consumer.Purchase($"o-{i}", 100, type: EventType.Refund).Status);
        }

        Assert.Equal(EventCodes.OrderUnknown, consumer.Purchase("o-99", 100, type: EventType.Refund).Code);
        Assert.Equal(EventStatus.Accepted, consumer.Purchase("o-3", 100, type: EventType.Refund).Status);
        Assert.Equal(EventStatus.Accepted, consumer.Purchase("o-3", 200).Status);
        Assert.Equal(DeeplinkStage.None, consumer.Relationship().DeeplinkStage);
        Assert.Equal(EventStatus.Accepted, consumer.Purchase("o-99", 100, type: EventType.Refund).Status);

        consumer.Now += 30 * Worlds.Day;
        Assert.Equal(EventStatus.Accepted, consumer.Purchase("o-4", 100, Worlds.Noon).Status);
        Assert.Equal(DeeplinkStage.None, consumer.Relationship().DeeplinkStage);
        consumer.Now++;
        Assert.Equal(EventStatus.Accepted, consumer.Purchase("o-5", 100).Status);
        Assert.Equal(DeeplinkStage.Initial, consumer.Relationship().DeeplinkStage);
        Assert.Equal("refunded", Assert.Single(consumer.Relationship().Orders, o => o.OrderId == "o-3").Status);
    }

    private static PlayedConsumer New() => new(Brands.Together(Brands.Simple()), Worlds.Noon);
}
