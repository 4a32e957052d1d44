using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Record;

/// <summary>The worked example's story, told to one consumer.</summary>
public sealed class StoryTests
{
    private readonly PlayedConsumer _consumer = new(Worlds.Plain(), Worlds.Noon);

    [Fact]
    public void A_new_consumer_is_led_from_runway_to_care()
    {
        SlotDecision first = _consumer.Chosen();
        Assert.Equal(("runway", DeeplinkStage.None), (first.Step.Id, first.DeeplinkStage));
        Meet(first, EventType.Impression, EventType.Viewable);
        Assert.Equal(DeeplinkStage.Discover, _consumer.Relationship().DeeplinkStage);

        SlotDecision second = _consumer.Chosen();
        Assert.Equal("runway", second.Step.Id);
        Meet(second, EventType.Impression, EventType.Watched);
        Assert.Equal(DeeplinkStage.Engage, _consumer.Relationship().DeeplinkStage);

        Assert.Equal("review", _consumer.Chosen().Step.Id);

        _consumer.Report(EventType.Cart, change: e => e);
        Assert.Equal(63.2, _consumer.Relationship().Intent, 0.05);
        Assert.Equal("vr", _consumer.Chosen().Step.Id);

        _consumer.Purchase("o-1", 199_000_000);
        Assert.Equal((DeeplinkStage.Initial, 0.0), (_consumer.Relationship().DeeplinkStage, _consumer.Relationship().Intent));
        for (int i = 0; i < 5; i++)
        {
            _consumer.Now += 4000;
            Assert.Equal("care", _consumer.Chosen().Step.Id);
        }

        Assert.True(_consumer.Relationship().Storylines["launch"].Exited);
    }

    [Theory]
    [InlineData(0, 63.2, "vr", DeeplinkStage.Perform)]
    [InlineData(7, 39.3, "vr", DeeplinkStage.Perform)]
    [InlineData(16, 18.5, "runway", DeeplinkStage.None)]
    public void An_unknown_consumer_with_a_cart_enters_where_the_cart_leads(int daysAgo, double intent, string step, DeeplinkStage stage)
    {
        _consumer.Report(EventType.Cart, Worlds.Noon - daysAgo * Worlds.Day);
        Assert.Equal(intent, _consumer.Relationship().Intent, 0.05);
        Assert.Equal(stage, _consumer.Relationship().DeeplinkStage);
        Assert.Equal(step, _consumer.Chosen().Step.Id);
    }

    [Fact]
    public void A_story_does_not_go_back_while_the_stage_holds_and_does_once_it_has_fallen()
    {
        _consumer.Report(EventType.Cart);
        Meet(_consumer.Chosen(), EventType.Impression);
        _consumer.Report(EventType.RemoveFromCart);
        Assert.Equal(DeeplinkStage.None, _consumer.Relationship().DeeplinkStage);
        Assert.Equal(0, _consumer.Relationship().Intent);
        Assert.Equal("runway", _consumer.Chosen().Step.Id);

        _consumer.Now += 1;
        _consumer.Report(EventType.Cart);
        Assert.Equal("vr", _consumer.Chosen().Step.Id);
    }

    [Fact]
    public void Three_viewable_runways_open_the_review()
    {
        for (int i = 0; i < 3; i++)
        {
            SlotDecision runway = _consumer.Chosen();
            Assert.Equal("runway", runway.Step.Id);
            Meet(runway, EventType.Viewable);
        }

        Assert.Equal("review", _consumer.Chosen().Step.Id);
    }

    [Fact]
    public void The_last_step_that_cannot_serve_falls_back_to_its_substitute_then_to_the_next_open_step()
    {
        _consumer.Report(EventType.Cart);
        SlotDecision substituted = _consumer.Chosen(c => Replace(c, formats: 1 << (int)CreativeFormat.Video));
        Assert.Equal(("vr", "kol-li"), (substituted.Step.Id, substituted.Creative.Id));
    }

    [Fact]
    public void Three_runways_in_seven_days_are_enough_and_the_answer_says_when_the_next_may_come()
    {
        long firstAt = _consumer.Now;
        for (int i = 0; i < 3; i++)
        {
            Meet(_consumer.Chosen(), EventType.Impression);
            _consumer.Now += Worlds.Hour;
        }

        PlacementReply reply = _consumer.Decide().Placements[0];
        Assert.Empty(reply.Decisions);
        Assert.Equal(new NoDecision(NoDecisionReason.FrequencyCap, firstAt + 7 * Worlds.Day), reply.NoDecision);
        _consumer.Now = firstAt + 7 * Worlds.Day - 1;
        Assert.Empty(_consumer.Decide().Placements[0].Decisions);
        _consumer.Now = firstAt + 7 * Worlds.Day;
        Assert.Single(_consumer.Decide().Placements[0].Decisions);
    }

    private static void Replace(DecideCommand command, int formats)
    {
        command.Placements[0] = new PlacementCommand { Id = "p", Channel = "home", Formats = formats, Count = 1, ConfirmAtDecision = false };
    }

    private void Meet(in SlotDecision decision, params EventType[] interactions)
    {
        foreach (EventType interaction in interactions)
        {
            Assert.True(_consumer.Track(PlayedConsumer.RefOf(decision, _consumer.Now), interaction));
        }

        _consumer.Now += 1;
    }
}
