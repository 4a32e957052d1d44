using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>How a story goes on: gaps, restarts, ends, doors between steps, and what stands in for what cannot serve.</summary>
public sealed class StorylineTests
{
    private const long Day = Worlds.Day;
    private const string Two = """{ "id": "one", "for": ["none", "discover"], "creatives": ["a"] }, { "id": "two", "after": [ { "step": "one", "on": "watched" } ], "creatives": ["b"] }""";

    [Fact]
    public void A_gap_counts_from_an_impression_and_from_a_reservation_only_while_it_lasts()
    {
        PlayedConsumer consumer = Play(""" "gap": "4h", """, Two);
        SlotDecision first = consumer.Chosen();
        long decided = consumer.Now;
        Assert.Equal(new NoDecision(NoDecisionReason.StorylineGap, decided + 600_000), consumer.Decide().Placements[0].NoDecision);
        consumer.Now = decided + 599_999;
        Assert.Empty(consumer.Decide().Placements[0].Decisions);
        Meet(consumer, first, decided, EventType.Impression);
        Assert.Equal(new NoDecision(NoDecisionReason.StorylineGap, decided + 4 * Worlds.Hour), consumer.Decide().Placements[0].NoDecision);
        consumer.Now = decided + 4 * Worlds.Hour - 1;
        Assert.Empty(consumer.Decide().Placements[0].Decisions);
        consumer.Now++;
        consumer.Chosen();
    }

    [Fact]
    public void A_reservation_that_lapses_ends_its_gap()
    {
        PlayedConsumer consumer = Play(""" "gap": "4h", """, Two);
        consumer.Chosen();
        consumer.Now += 600_000;
        consumer.Chosen();
    }

    [Theory]
    [InlineData("never", 3650, "two")]
    [InlineData("week", 7, "one")]
    [InlineData("month", 30, "one")]
    public void A_finished_story_begins_again_when_its_restart_allows(string restart, int days, string then)
    {
        PlayedConsumer consumer = Play($$""" "restart": "{{restart}}", """, Two.Replace("\"after\"", "\"for\": [\"none\"], \"after\""));
        long start = consumer.Now;
        Show(consumer, "two");
        consumer.Now = start + days * Day - 1;
        Assert.Equal("two", consumer.Chosen().Step.Id);
        consumer.Now += 600_001;
        Assert.Equal(then == "two", consumer.Relationship().Storylines.TryGetValue("s", out var story) && story.Completed);
    }

    [Fact]
    public void A_week_wants_the_story_completed_and_a_month_does_not()
    {
        foreach ((string restart, int days, bool again) in (ReadOnlySpan<(string, int, bool)>)[("week", 8, false), ("month", 29, false), ("month", 30, true)])
        {
            PlayedConsumer consumer = Play($$""" "restart": "{{restart}}", """, Two);
            Show(consumer, "one", EventType.Impression, EventType.Watched);
            consumer.Now = Worlds.Noon + days * Day;
            Assert.Equal(again, !consumer.Relationship().Storylines.TryGetValue("s", out var story) || story.Furthest is null);
        }
    }

    [Fact]
    public void An_exit_ends_the_story_for_good_or_until_its_restart_and_the_new_run_goes_on()
    {
        PlayedConsumer never = Play(""" "exit": ["cart"], """, Two);
        Show(never, "one");
        never.Report(EventType.Cart);
        never.Now += 400 * Day;
        Assert.Equal(new NoDecision(NoDecisionReason.NoStep, null), never.Decide().Placements[0].NoDecision);

        PlayedConsumer week = Play(""" "exit": ["coupon_claim"], "restart": "week", """, Two.Replace("[\"none\", \"discover\"]", Brands.Everyone));
        Show(week, "one");
        week.Report(EventType.CouponClaim);
        week.Now = Worlds.Noon + 7 * Day - 1;
        Assert.Empty(week.Decide().Placements[0].Decisions);
        week.Now++;
        Show(week, "one", EventType.Impression, EventType.Watched);
        Assert.Equal("two", week.Chosen().Step.Id);
    }

    [Fact]
    public void An_exit_that_is_withdrawn_lets_the_story_go_on()
    {
        PlayedConsumer consumer = Play(""" "exit": ["purchase"], """, Two);
        Show(consumer, "one");
        consumer.Purchase("o", 100);
        Assert.Empty(consumer.Decide().Placements[0].Decisions);
        consumer.Purchase("o", 100, type: EventType.Refund);
        Assert.Equal("one", consumer.Chosen().Step.Id);
    }

    [Fact]
    public void A_step_opens_after_so_many_meetings_and_at_an_intent()
    {
        PlayedConsumer times = Play("", """
            { "id": "one", "for": ["none", "discover", "engage"], "creatives": ["a"] },
            { "id": "two", "after": [ { "step": "one", "on": "click", "times": 2 } ], "creatives": ["b"] }
            """);
        Show(times, "one", EventType.Click);
        Show(times, "one", EventType.Impression);
        Show(times, "one", EventType.Click);
        Assert.Equal("two", times.Chosen().Step.Id);

        PlayedConsumer intent = Play("", """{ "id": "one", "for": ["none"], "creatives": ["a"] }, { "id": "two", "minIntent": 63.2, "creatives": ["b"] }""");
        intent.Now = Worlds.Noon / Worlds.Hour * Worlds.Hour + Worlds.Hour;
        intent.Report(EventType.Cart);
        Assert.Equal("two", intent.Chosen().Step.Id);
        intent.Now += Worlds.Hour;
        Assert.Equal(NoDecisionReason.NoStep, intent.Decide().Placements[0].NoDecision!.Value.Reason);
    }

    [Fact]
    public void A_step_serves_on_its_channels_alone()
    {
        PlayedConsumer consumer = Play("", """
            { "id": "one", "for": ["none"], "creatives": ["a"] }, { "id": "two", "for": ["none"], "channels": ["feed"], "creatives": ["b"] }
            """);
        Assert.Equal("one", consumer.Chosen().Step.Id);
        Assert.Equal("two", consumer.Chosen(channel: "feed").Step.Id);
    }

    [Theory]
    [InlineData(0b0001, "two", "b")] // video: the last step's own
    [InlineData(0b0100, "two", "d")] // html: its substitute
    [InlineData(0b0010, "one", "c")] // image: nothing there, so the step before
    public void Variant_then_substitute_then_the_next_open_step(int formats, string step, string creative)
    {
        PlayedConsumer consumer = Play("", """
            { "id": "one", "for": ["none"], "creatives": ["a", "c"] }, { "id": "two", "for": ["none"], "creatives": ["b"], "substitute": "d" }
            """);
        SlotDecision chosen = consumer.Chosen(c => c.Placements[0] = new PlacementCommand { Id = "p", Formats = formats, Count = 1, ConfirmAtDecision = false });
        Assert.Equal((step, creative), (chosen.Step.Id, chosen.Creative.Id));
    }

    [Fact]
    public void Paused_steps_and_creatives_give_way()
    {
        PlayedConsumer step = Play("", """{ "id": "one", "for": ["none"], "creatives": ["a"] }, { "id": "two", "for": ["none"], "status": "paused", "creatives": ["b"] }""");
        Assert.Equal("one", step.Chosen().Step.Id);

        BrandSnapshot paused = Brands.Compile(Worlds.PlainDocument(root => root["creatives"]!["runway-a"]!["status"] = "paused"));
        var creative = new PlayedConsumer(Brands.Together(paused), Worlds.Noon);
        for (int i = 0; i < 3; i++)
        {
            string expected = paused.Creatives["runway-b"].Paused ? "runway-still" : "runway-b";
            Assert.Equal(expected, creative.Chosen().Creative.Id);
        }
    }

    private static PlayedConsumer Play(string story, string steps) => new(Brands.Together(Brand(story, steps)), Worlds.Noon);

    internal static BrandSnapshot Brand(string story, string steps, BrandSnapshot? previous = null) => Brands.Of(
        $$""" "rules": { "awarenessFrom": "viewable" }, "storylines": { "s": { {{story}} "steps": [ {{steps}} ] } }, "campaigns": { "k": { "storyline": "s" } } """,
        previous: previous);

    internal static void Show(PlayedConsumer consumer, string step, params EventType[] interactions)
    {
        SlotDecision decision = consumer.Chosen();
        Assert.Equal(step, decision.Step.Id);
        Meet(consumer, decision, consumer.Now, interactions.Length == 0 ? [EventType.Impression] : interactions);
        consumer.Now++;
    }

    private static void Meet(PlayedConsumer consumer, in SlotDecision decision, long at, params EventType[] interactions)
    {
        foreach (EventType interaction in interactions)
        {
            Assert.True(consumer.Track(PlayedConsumer.RefOf(decision, at), interaction));
        }
    }
}
