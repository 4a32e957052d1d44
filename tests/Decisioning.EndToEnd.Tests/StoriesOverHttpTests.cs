using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>Aurora's story, today, as a front end would play it.</summary>
public sealed class StoriesOverHttpTests(SharedServer shared)
{
    // One cart, by the rules' figures; the age is measured from the middle of its hour, so half an hour either way.
    private const double CartNow = 63.2;
    private const double CartSevenDaysAgo = 39.35;
    private const double HalfAnHour = 0.1;

    [Theory]
    [InlineData(Way.Events)]
    [InlineData(Way.Trackers)]
    public async Task A_newcomer_is_led_from_the_runway_to_care(Way way)
    {
        string brand = await shared.Api.PutNewAsync(Brands.OpenAurora(), "aurora");
        await PlayToCareAsync(new Play(shared.Api, brand, way));
    }

    [Theory]
    [InlineData(Way.Events)]
    [InlineData(Way.Trackers)]
    public async Task A_newcomer_is_led_from_the_runway_to_care_in_the_sandbox(Way way)
    {
        await using TestServer server = await TestServer.StartAsync("--no-demo");
        string brand = await server.Api.PutNewAsync(Brands.OpenAurora(), "aurora");
        Play play = new(server.Api, brand, way, sandbox: true);
        await PlayToCareAsync(play);

        Assert.Equal(404, (int)(await server.Api.GetAsync($"/v1/consumers/{play.Consumer}")).Status);
    }

    [Fact]
    public async Task A_stranger_with_a_cart_starts_at_the_trial()
    {
        string brand = await shared.Api.PutNewAsync(Brands.OpenAurora(), "aurora");
        Play play = new(shared.Api, brand, Way.Events);
        await play.HappenAsync("cart");
        await DecidesAsync(play, "launch", "vr");
        await StandsAsync(play, "interest", "perform", CartNow, HalfAnHour);
    }

    [Fact]
    public async Task A_cart_of_a_week_ago_still_opens_the_trial_and_one_of_sixteen_days_ago_does_not()
    {
        string brand = await shared.Api.PutNewAsync(Brands.OpenAurora(), "aurora");
        Play week = new(shared.Api, brand, Way.Events);
        await week.HappenAsync("cart", ago: TimeSpan.FromDays(7));
        await DecidesAsync(week, "launch", "vr");
        await StandsAsync(week, "interest", "perform", CartSevenDaysAgo, HalfAnHour);

        Play longAgo = new(shared.Api, brand, Way.Events);
        await longAgo.HappenAsync("cart", ago: TimeSpan.FromDays(16));
        await DecidesAsync(longAgo, "launch", "runway");
        Assert.Equal("none", (await longAgo.ReadAsync()).Text("stage"));
    }

    [Fact]
    public async Task A_cart_ages_in_the_sandbox_while_its_days_pass()
    {
        await using TestServer server = await TestServer.StartAsync("--no-demo");
        JsonObject lasting = Brands.OpenAurora();
        foreach (string bound in new[] { "from", "to", "budget", "goal" })
        {
            lasting["campaigns"]!["spring"]!.AsObject().Remove(bound);
        }

        Play play = new(server.Api, await server.Api.PutNewAsync(lasting, "aurora"), Way.Events, sandbox: true);
        await play.HappenAsync("cart");
        await StandsAsync(play, "interest", "perform", CartNow, HalfAnHour);

        await play.PassAsync("7d");
        await StandsAsync(play, "interest", "perform", CartSevenDaysAgo, HalfAnHour);
        await DecidesAsync(play, "launch", "vr");

        await play.PassAsync("9d");
        Assert.Equal("none", (await play.ReadAsync()).Text("stage"));
        await DecidesAsync(play, "launch", "runway");
    }

    private static async Task PlayToCareAsync(Play play)
    {
        JsonNode first = await DecidesAsync(play, "launch", "runway");
        Assert.Equal("none", first.Text("stage"));

        await play.InteractAsync(first, "viewable");
        await StandsAsync(play, "awareness", "discover", 0, 0);
        JsonNode second = await DecidesAsync(play, "launch", "runway");
        Assert.Equal("discover", second.Text("deeplinkStage"));

        await play.InteractAsync(second, "watched");
        await StandsAsync(play, "awareness", "engage", 0, 0);
        await DecidesAsync(play, "launch", "review");

        await play.HappenAsync("cart");
        await StandsAsync(play, "interest", "perform", CartNow, HalfAnHour);
        JsonNode trial = await DecidesAsync(play, "launch", "vr");
        Assert.InRange(trial.Number("intent"), CartNow - HalfAnHour, CartNow + HalfAnHour);

        await play.BuyAsync();
        await StandsAsync(play, "purchase", "initial", 0, 0);
        await DecidesAsync(play, "owners", "care");
        Assert.True((await play.ReadAsync()).At("storylines/launch/exited")!.GetValue<bool>());
    }

    private static async Task<JsonNode> DecidesAsync(Play play, string storyline, string step)
    {
        JsonNode? decision = await play.AskAsync();
        Assert.NotNull(decision);
        Assert.Equal((storyline, step), (decision.Text("storyline"), decision.Text("step")));
        return decision;
    }

    private static async Task StandsAsync(Play play, string stage, string deeplink, double intent, double tolerance)
    {
        JsonNode relation = await play.ReadAsync();
        Assert.Equal((stage, deeplink), (relation.Text("stage"), relation.Text("deeplinkStage")));
        Assert.InRange(relation.Number("intent"), intent - tolerance - 1e-9, intent + tolerance + 1e-9);
    }
}
