using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Decide;

/// <summary>A new version of a story neither repeats a step seen nor loses a place: progress is by step id.</summary>
public sealed class StoryVersionTests
{
    [Theory]
    [InlineData("one two three", "three", "the same document")]
    [InlineData("zero one two three", "three", "a step before the place")]
    [InlineData("one new two three", "three", "a step between two that were seen")]
    [InlineData("two three", "three", "a step seen is gone")]
    [InlineData("one two new three", "new", "a step between the place and the next")]
    [InlineData("one two", "two", "the next step is gone: the place repeats")]
    [InlineData("one three", "three", "the place itself is gone")]
    [InlineData("one four", "four", "the place and the next are gone")]
    public void A_place_is_kept_through_a_new_version(string steps, string next, string because)
    {
        BrandSnapshot first = Version("one two three");
        var consumer = new PlayedConsumer(Brands.Together(first), Worlds.Noon);
        foreach (string step in (string[])["one", "two"])
        {
            Only(consumer, step);
        }

        consumer.Catalogue = Brands.Together(Version(steps, first));
        consumer.Now += Worlds.Day;
        string[] passed = [.. steps.Split(' ').TakeWhile(id => id != "two" && id != next)];
        foreach (string step in steps.Contains("two", StringComparison.Ordinal) ? passed : [])
        {
            Assert.True(consumer.Decide(channel: $"only-{step}").Placements[0].Decisions.Length == 0, $"{step} came again: {because}");
        }

        Assert.True(next == consumer.Chosen().Step.Id, because);
    }

    [Fact]
    public void A_renamed_step_is_a_new_one_and_a_removed_one_that_returns_is_the_old_one()
    {
        BrandSnapshot first = Version("one two");
        var consumer = new PlayedConsumer(Brands.Together(first), Worlds.Noon);
        Only(consumer, "one");
        Only(consumer, "two");
        Assert.True(consumer.Relationship().Storylines["s"].Completed);

        BrandSnapshot renamed = Version("one zwei", first);
        consumer.Catalogue = Brands.Together(renamed);
        Assert.False(consumer.Relationship().Storylines.TryGetValue("s", out var story) && story.Completed);

        consumer.Catalogue = Brands.Together(Version("one two", renamed));
        Assert.Equal("two", consumer.Relationship().Storylines["s"].Furthest);
        Assert.Empty(consumer.Decide(channel: "only-one").Placements[0].Decisions);
    }

    /// <summary>Shows one step alone by its channel.</summary>
    private static void Only(PlayedConsumer consumer, string step)
    {
        SlotDecision decision = consumer.Chosen(channel: $"only-{step}");
        Assert.Equal(step, decision.Step.Id);
        Assert.True(consumer.Track(PlayedConsumer.RefOf(decision, consumer.Now), EventType.Impression));
        consumer.Now++;
    }

    private static BrandSnapshot Version(string steps, BrandSnapshot? previous = null)
    {
        string[] ids = steps.Split(' ');
        return StorylineTests.Brand("", string.Join(", ", ids.Select((id, i) => Step(id, i == 0 ? null : ids[i - 1]))), previous);
    }

    /// <summary>The first step is open to everyone, each other one after the step before it.</summary>
    private static string Step(string id, string? before) => $$"""
        { "id": "{{id}}", {{Door(before)}},
          "channels": ["home", "only-{{id}}"], "creatives": ["a"] }
        """;

    private static string Door(string? before) =>
        before is null ? $"\"for\": {Brands.Everyone}" : $$""" "after": [ { "step": "{{before}}", "on": "impression" } ] """;
}
