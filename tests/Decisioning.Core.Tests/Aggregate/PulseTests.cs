using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Aggregate;

/// <summary>What a pulse shows of a few turns played by hand.</summary>
public sealed class PulseTests
{
    private const string Story = """ "storylines": { "s": { "gap": "0s", "steps": [ { "id": "one", "for": ["none", "awareness", "interest", "purchase", "loyalty"], "creatives": ["a"] } ] } } """;

    [Fact]
    public void A_decision_and_what_became_of_it_are_counted_once_everywhere()
    {
        PlayedConsumer consumer = New($$""" {{Story}}, "campaigns": { "k": { "storyline": "s", "price": { "model": "cpm", "amount": "30.00" } } } """);
        DecisionRef decision = PlayedConsumer.RefOf(consumer.Chosen(channel: "首页"), consumer.Now);
        foreach (EventType type in (EventType[])[EventType.Viewable, EventType.Impression, EventType.Impression, EventType.Click, EventType.Watched])
        {
            consumer.Track(decision, type);
        }

        consumer.Now += Worlds.Hour;
        consumer.Purchase("o", 9_000_000);
        consumer.Purchase("o", 4_000_000, type: EventType.Refund);
        consumer.Report(EventType.Cart);
        BrandPulse pulse = PulseOf(consumer);
        var delivery = new Delivery(1, 1, 1, 1, 0, 1, 0, 0, 0, 1_000_000, 9_000_000, 1_000_000, 30_000);
        CampaignDelivery campaign = Assert.Single(pulse.Campaigns);
        Assert.Equal((delivery, 0L, 1L), (campaign.Delivery, campaign.Ghosts, campaign.Exposed));
        Assert.Equal(new Funnel(1, 1, 1, 1, 1), campaign.Funnel);
        Assert.Equal(delivery, Assert.Single(pulse.Creatives).Delivery);
        Assert.Equal(new StepDelivery("s", "one", 0, 1, delivery), Assert.Single(pulse.Steps));
        Assert.Equal(new ChannelDelivery("首页", delivery), Assert.Single(pulse.Channels));
        Assert.Equal(new SpendTotals("CNY", 30_000, 0, 0, 5_000_000), pulse.Spend);
        Assert.Equal((1L, 7L, consumer.Now), (pulse.Activity.Decisions, pulse.Activity.Events, pulse.Activity.LastEventAt));
        Assert.Equal(new IntentIndex(1_000_000, 0, 1_000_000, 1_000, null, 0), pulse.PurchaseIntentIndex);
        Assert.Equal((1L, 1L), (pulse.Link, pulse.Deeplink.Sum()));
    }

    [Fact]
    public void The_strip_has_full_seconds_alone_and_dwell_is_within_a_tenth()
    {
        PlayedConsumer consumer = New($$""" {{Story}}, "campaigns": {} """);
        consumer.Report(EventType.View);
        consumer.Now += 2_000;
        consumer.Report(EventType.View);
        BrandPulse pulse = PulseOf(consumer, consumer.Now + 1_000);
        Assert.Equal([1, 0, 1], pulse.Activity.EventsPerSecond[^3..]);
        consumer.Now += 7 * Worlds.Day;
        consumer.Purchase("o", 5);
        StageDwell dwell = Assert.Single(PulseOf(consumer).Dwell);
        Assert.Equal((Stage.Awareness, 1L), (dwell.Stage, dwell.Left));
        Assert.InRange(dwell.MedianMs, 0.9 * 7 * Worlds.Day, 1.1 * 7 * Worlds.Day);
    }

    [Theory]
    [InlineData(""" "targeting": { "channels": ["elsewhere"] } """, 0, NoDecisionReason.Targeting)]
    [InlineData(""" "priority": "standard" """, 4, null)]
    [InlineData(""" "caps": [ { "max": 1, "per": "1d" } ] """, 2, NoDecisionReason.FrequencyCap)]
    public void A_campaign_comes_as_far_as_the_filter_that_removed_it(string members, int reach, NoDecisionReason? reason)
    {
        PlayedConsumer consumer = New($$""" {{Story}}, "campaigns": { "k": { "storyline": "s", {{members}} } } """);
        consumer.Decide();
        consumer.Now += 60_000;
        int before = consumer.Journal.Count;
        consumer.Decide(count: 2);
        var totals = new ServerTotals();
        totals.Fold(TurnFacts.Of(consumer.Journal[before].Payload));
        BrandPulse pulse = totals.Of(7).TakePulse(consumer.Catalogue.Brands[0], Inputs(consumer.Now));
        Funnel funnel = pulse.Campaigns[0].Funnel;
        long[] figures = [funnel.Requests, funnel.Targeted, funnel.Stepped, funnel.Uncapped, funnel.Paced];
        Assert.All(figures[..(reach + 1)], f => Assert.True(f > 0));
        Assert.All(figures[(reach + 1)..], f => Assert.Equal(0, f));
        if (reason is { } why)
        {
            Assert.Equal(2, pulse.NoDecisions[(int)why]);
        }

        Assert.Equal(2, totals.Of(7).Rows().Single().Value("requests"));
    }

    [Fact]
    public void A_holdout_and_a_full_budget_stand_where_they_stopped_the_campaign()
    {
        PlayedConsumer consumer = New($$"""
            {{Story}}, "campaigns": { "k": { "storyline": "s", "holdout": 1, "price": { "model": "cpm", "amount": "30.00" } },
                                      "m": { "storyline": "s", "price": { "model": "cpm", "amount": "10.00" } } }
            """);
        consumer.Market.Answer = campaign => campaign.Id == "m" ? new MarketAnswer(MarketRefusal.Budget, null) : default;
        consumer.Decide();
        BrandPulse pulse = PulseOf(consumer);
        Assert.Equal((new Funnel(1, 1, 1, 1, 1), 1L), (pulse.Campaigns[0].Funnel, pulse.Campaigns[0].Ghosts));
        Assert.Equal((new Funnel(1, 1, 1, 1, 0), 0L), (pulse.Campaigns[1].Funnel, pulse.Campaigns[1].Ghosts));
        Assert.Equal(0, pulse.Activity.Decisions);
    }

    [Fact]
    public void Channels_beyond_the_bound_are_other_and_nothing_is_lost()
    {
        PlayedConsumer consumer = New($$""" {{Story}}, "campaigns": { "k": { "storyline": "s" } } """);
        for (int i = 0; i < 100; i++)
        {
            consumer.Now += 11 * 60_000;
            consumer.Chosen(channel: $"channel {i}");
        }

        ChannelDelivery[] channels = PulseOf(consumer).Channels;
        Assert.Equal(BookBounds.Channels + 1, channels.Length);
        Assert.Equal((100L, 36L), (channels.Sum(c => c.Delivery.Won), channels.Single(c => c.Id == BookBounds.OtherChannel).Delivery.Won));
    }

    [Fact]
    public void An_erased_consumer_leaves_the_counts_by_a_flow_of_its_own()
    {
        PlayedConsumer consumer = New($$""" {{Story}}, "campaigns": {} """);
        consumer.Report(EventType.Cart);
        ServerTotals totals = Fold(consumer);
        totals.Of(7).Revalue(new AssetPowers(1, 10, 100, 1_000), 20_000, consumer.Now);
        consumer.Now++;
        totals.Fold(TurnFacts.Of(consumer.Erase()));
        BrandPulse pulse = totals.Of(7).TakePulse(consumer.Catalogue.Brands[0], Inputs(consumer.Now));
        Assert.All(pulse.Deeplink, c => Assert.Equal(0, c));
        Assert.Contains(pulse.Flows, f => f is { From: FlowEnd.Perform, To: FlowEnd.Erased, Count: 1 });
        Assert.Equal(["erasure", "valuation"], pulse.Assets.Lines.Select(l => l.Cause));
        Assert.Equal((0L, -10L), (pulse.Assets.ValueMicros, pulse.Assets.Lines[0].DeltaMicros));
    }

    [Fact]
    public void A_contextual_decision_is_delivered_and_makes_no_consumer()
    {
        PlayedConsumer consumer = New($$""" {{Story}}, "campaigns": { "k": { "storyline": "s" } } """);
        var turn = new Turn(5);
        var command = new DecideCommand { Consent = false, Catalogue = consumer.Catalogue, Brands = consumer.Catalogue.Brands };
        command.Placements.Add(new PlacementCommand { Id = "p", Channel = "home", Formats = 0xF, Count = 1, ConfirmAtDecision = true });
        SlotDecision decision = turn.DecideContextual(command, consumer.Now, consumer.Catalogue, consumer.Market, 9).Placements[0].Decisions[0];
        var totals = new ServerTotals();
        totals.Fold(TurnFacts.Of(turn.Payload));
        turn.State.Reset("\u0001ctx:1"u8);
        turn.Begin(1, consumer.Now, consumer.Catalogue, consumer.Market, null);
        Assert.True(turn.Track(PlayedConsumer.RefOf(decision, consumer.Now) with { ConsumerId = null }, EventType.Click));
        totals.Fold(TurnFacts.Of(turn.Payload));
        BrandPulse pulse = totals.Of(7).TakePulse(consumer.Catalogue.Brands[0], Inputs(consumer.Now));
        Assert.Equal((1L, 1L, 1L), (pulse.Campaigns[0].Delivery.Won, pulse.Campaigns[0].Delivery.Rendered, pulse.Campaigns[0].Delivery.Clicks));
        Assert.Equal((0L, 0L), (pulse.Campaigns[0].Exposed, pulse.Deeplink.Sum()));
        Assert.Equal(0, turn.State.CalendarHour);
    }

    [Fact]
    public void Rows_that_come_after_they_were_dropped_are_parts_to_be_merged()
    {
        PlayedConsumer consumer = New($$""" {{Story}}, "campaigns": {} """);
        consumer.Report(EventType.Cart);
        ServerTotals totals = Fold(consumer);
        BrandTotals books = totals.Of(7);
        HourRow stored = books.Rows().Single();
        books.DropRows(consumer.Now + 100 * Worlds.Hour);
        Assert.NotEmpty(books.Rows());

        // Only what the host has taken to be stored may go.
        Assert.Equal(stored.Hour, books.TakeChangedFrom());
        books.DropRows(consumer.Now + 100 * Worlds.Hour);
        Assert.Empty(books.Rows());
        totals.Fold(TurnFacts.Of(consumer.Journal[0].Payload));
        HourRow[] rows = [.. books.Rows()];
        Assert.Equal([(stored.Hour, true), (stored.Hour + 53 * Worlds.Hour, false)], rows.Select(r => (r.Hour, r.IsPart)));
        stored.Merge(rows[0]);
        Assert.Equal((2L, 1L), (stored.Value("events"), stored.Value("flow.none.interest")));

        // Levels of hours that are stored hold: a move that comes after them counts in the oldest hour that is not.
        Assert.Equal((0L, 1L), (rows[1].Value("events"), rows[1].Value("flow.none.interest")));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("flow.none.none")]
    [InlineData("stage.discover")]
    public void A_metric_that_is_none_is_refused(string metric) => Assert.Throws<ArgumentException>(() => new HourRow(0).Value(metric));

    private static PlayedConsumer New(string members) => new(Brands.Together(Brands.Of(members)), Worlds.Noon);

    private static BrandPulse PulseOf(PlayedConsumer consumer, long? asOf = null) =>
        Fold(consumer).Of(7).TakePulse(consumer.Catalogue.Brands[0], Inputs(asOf ?? consumer.Now));

    private static PulseInputs Inputs(long asOf) => new() { Version = 1, AsOf = asOf, RulesVersion = "v", MoneyOf = _ => default };

    private static ServerTotals Fold(PlayedConsumer consumer)
    {
        var totals = new ServerTotals();
        foreach ((_, _, byte[] payload) in consumer.Journal)
        {
            totals.Fold(TurnFacts.Of(payload));
        }

        return totals;
    }
}
