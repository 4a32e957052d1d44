using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Record;

/// <summary>What happens to a decision: what it confirms, what it costs, and each kind once.</summary>
public sealed class InteractionTests
{
    private const string Cpm = """ "price": { "model": "cpm", "amount": "10.00" }, """;
    private const string Cpc = """ "price": { "model": "cpc", "amount": "2.00" }, """;
    private const long Reserve = 600_000;

    [Theory]
    [InlineData(EventType.Impression)]
    [InlineData(EventType.Viewable)]
    [InlineData(EventType.Watched)]
    [InlineData(EventType.Skip)]
    [InlineData(EventType.Click)]
    [InlineData(EventType.Engage)]
    [InlineData(EventType.Dismiss)]
    public void Any_interaction_confirms_and_charges_the_hold_once_and_counts_once(EventType type)
    {
        PlayedConsumer consumer = New(Cpm);
        DecisionRef token = Decide(consumer);
        Assert.Equal("reserved", Exposure(consumer).State);
        Assert.True(consumer.Track(token, type));
        ExposureView exposure = Exposure(consumer);
        Assert.Equal(("confirmed", false, Names.Of(type)), (exposure.State, exposure.Late, Assert.Single(exposure.Interactions)));
        byte[] kept = consumer.Packed!;
        Assert.True(consumer.Track(token, type));
        Assert.Equal(EventStatus.Duplicate, consumer.Report(type, decision: token).Status);
        Assert.Same(kept, consumer.Packed);
        EventType other = type == EventType.Click ? EventType.Impression : EventType.Click;
        Assert.Equal(EventStatus.Accepted, consumer.Report(other, decision: token).Status);
        Assert.Equal([$"hold k 10000 until {Worlds.Noon + Reserve}", "charge held 1 10000"], consumer.Market.Movements);
        Assert.Single(consumer.Relationship().Exposures);
    }

    [Theory]
    [InlineData(Reserve - 1, false, 2)]
    [InlineData(Reserve, true, 1)]
    [InlineData(29L * 86_400_000, true, 1)]
    public void A_late_impression_is_flagged_counted_and_not_charged(long after, bool late, int movements)
    {
        foreach (bool byEvent in (bool[])[false, true])
        {
            PlayedConsumer consumer = New(Cpm + """ "caps": [ { "max": 1, "per": "lifetime" } ], """);
            DecisionRef token = Decide(consumer);
            consumer.Now += after;
            Assert.True(byEvent ? consumer.Report(EventType.Impression, decision: token).Status == EventStatus.Accepted : consumer.Track(token, EventType.Impression));
            Assert.Equal((Worlds.Noon, late), (Exposure(consumer).At, Exposure(consumer).Late));
            Assert.Equal(movements, consumer.Market.Movements.Count);
            Assert.Equal(NoDecisionReason.FrequencyCap, consumer.Decide().Placements[0].NoDecision!.Value.Reason);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(24L * 3_600_000, true)]
    [InlineData(24L * 3_600_000 + 1, false)]
    public void A_click_is_charged_within_a_day_where_the_budget_has_room(long after, bool charged)
    {
        PlayedConsumer consumer = New(Cpc);
        DecisionRef token = Decide(consumer);
        consumer.Track(token, EventType.Impression);
        Assert.Empty(consumer.Market.Movements);
        consumer.Now += after;
        consumer.Track(token, EventType.Click);
        Assert.Equal(charged ? ["charge 1 2000000"] : [], consumer.Market.Movements);

        PlayedConsumer broke = New(Cpc);
        DecisionRef second = Decide(broke);
        broke.Market.HasRoom = false;
        broke.Track(second, EventType.Click);
        Assert.Empty(broke.Market.Movements);
        Assert.Equal("confirmed", Exposure(broke).State);
        Assert.Equal(broke.Packed, broke.Replayed());
    }

    [Theory]
    [InlineData(1_000, new[] { "charge held 1 10000" }, false)]
    [InlineData(Reserve, new string[0], true)]
    public void A_decision_lost_in_a_crash_is_recorded_by_its_token_and_charged_as_if_held(long after, string[] movements, bool late)
    {
        PlayedConsumer consumer = New(Cpm);
        DecisionRef token = Decide(consumer);
        consumer.Packed = null;
        consumer.Journal.Clear();
        consumer.Market.Movements.Clear();
        consumer.Now += after;
        Assert.True(consumer.Track(token, EventType.Impression));
        ExposureView exposure = Exposure(consumer);
        Assert.Equal((Worlds.Noon, "confirmed", late, "k", "one"), (exposure.At, exposure.State, exposure.Late, exposure.Campaign, exposure.Step));
        Assert.Equal(movements, consumer.Market.Movements);
        Assert.Equal(consumer.Packed, consumer.Replayed());
    }

    [Fact]
    public void A_decision_that_counts_at_once_is_charged_at_once()
    {
        PlayedConsumer consumer = New(Cpm);
        DecisionRef token = Decide(consumer, atOnce: true);
        Assert.Equal("confirmed", Exposure(consumer).State);
        consumer.Track(token, EventType.Impression);
        Assert.Equal(["charge 1 10000"], consumer.Market.Movements);
        Assert.False(Exposure(consumer).Late);
    }

    [Fact]
    public void What_was_shown_elsewhere_counts_for_caps_and_stage_and_costs_nothing()
    {
        PlayedConsumer consumer = New(Cpm, """ "caps": [ { "max": 1, "per": "30d" } ], """);
        var shown = new Happening(EventType.Impression, Worlds.Noon - Worlds.Day, Worlds.Noon, "e-1") { Creative = "a" };
        Assert.Equal(EventStatus.Accepted, consumer.Report(shown.Command(PlayedConsumer.Id, "aurora")).Status);
        Assert.Equal(EventStatus.Accepted, consumer.Report((shown with { Type = EventType.Click, Id = "e-2" }).Command(PlayedConsumer.Id, "aurora")).Status);
        ExposureView exposure = Exposure(consumer);
        Assert.Equal((Worlds.Noon - Worlds.Day, null, "one", "a"), (exposure.At, exposure.Campaign, exposure.Step, exposure.Creative));
        Assert.Equal(DeeplinkStage.Engage, consumer.Relationship().DeeplinkStage);
        Assert.Empty(consumer.Market.Movements);
        Assert.Equal(new NoDecision(NoDecisionReason.FrequencyCap, Worlds.Noon + 29 * Worlds.Day), consumer.Decide().Placements[0].NoDecision);
        Assert.Equal("one", consumer.Relationship().Storylines["s"].Furthest);
    }

    [Fact]
    public void A_token_of_a_brand_that_is_gone_or_from_ahead_of_the_clock_records_nothing()
    {
        PlayedConsumer consumer = New(Cpm);
        DecisionRef token = Decide(consumer);
        byte[] kept = consumer.Packed!;
        Assert.False(consumer.Track(token with { Brand = 9 }, EventType.Impression));
        Assert.True(consumer.Track(token with { DecidedAt = Worlds.Noon + 300_001, Ordinal = 5 }, EventType.Impression));
        Assert.True(consumer.Track(token with { DecidedAt = Worlds.Noon - 30 * Worlds.Day - 1, Ordinal = 6 }, EventType.Impression));
        Assert.Same(kept, consumer.Packed);
    }

    private static PlayedConsumer New(string campaign, string step = "") => new(Brands.Together(Brands.Simple(campaign: campaign, step: step)), Worlds.Noon);

    private static DecisionRef Decide(PlayedConsumer consumer, bool atOnce = false) => PlayedConsumer.RefOf(
        consumer.Chosen(c => c.Placements[0] = new PlacementCommand { Id = "p", Formats = 0xF, Count = 1, ConfirmAtDecision = atOnce }), consumer.Now);

    private static ExposureView Exposure(PlayedConsumer consumer) => Assert.Single(consumer.Relationship().Exposures);
}
