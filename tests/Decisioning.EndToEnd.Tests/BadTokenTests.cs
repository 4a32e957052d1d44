using System.Net;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>Tokens that are not what they should be, and tokens that come late.</summary>
public sealed class BadTokenTests(SharedServer shared)
{
    private static readonly string[] Paths = ["/t/i/{0}", "/t/v/{0}", "/t/c/{0}", "/t/e/{0}?k=watched"];

    private readonly ApiClient _api = shared.Api;

    [Fact]
    public async Task Whatever_is_not_a_token_of_this_server_is_not_found_and_records_nothing()
    {
        StillBrand still = await StillBrand.PutAsync(_api);
        string token = still.Unused.Text("decisionId")!;
        string[] bad =
        [
            "x", new string('x', 10_000)[..3000], token[..^1], token[1..], token + "A", token[..(token.Length / 2)], Flip(token, 0), Flip(token, token.Length / 2),
            Flip(token, token.Length - 6), token.ToUpperInvariant(), $"{token}%20", "消费者",
        ];
        foreach (string forged in bad)
        {
            foreach (string path in Paths)
            {
                (await _api.GetAsync(string.Format(null, path, forged))).ExpectProblem(HttpStatusCode.NotFound, "token.unknown");
            }

            JsonObject report = Bodies.Event(still.Consumer, still.Brand, "viewable").With("decisionId", forged);
            Assert.Equal("event.decision_unknown", (await _api.PostAsync("/v1/events", Bodies.Events(report))).Ok().Json.Text("results/0/code"));
        }

        (await _api.GetAsync($"/t/e/{token}")).ExpectProblem(HttpStatusCode.BadRequest, "request.invalid");
        (await _api.GetAsync($"/t/e/{token}?k=impression")).ExpectProblem(HttpStatusCode.BadRequest, "request.invalid");
        await still.ExpectUnchangedAsync();
    }

    [Fact]
    public async Task A_token_of_another_server_consumer_brand_or_realm_counts_nothing()
    {
        StillBrand still = await StillBrand.PutAsync(_api);
        StillBrand other = await StillBrand.PutAsync(_api);
        await using TestServer stranger = await TestServer.StartAsync("--no-demo");
        StillBrand strange = await StillBrand.PutAsync(stranger.Api);
        JsonNode played = (await _api.PostAsync("/v1/sandbox/decisions", Bodies.Decide(still.Consumer, still.Brand))).Ok().Json.At("placements/0/decisions/0")!;

        (await _api.GetAsync($"/t/i/{strange.Unused.Text("decisionId")}")).ExpectProblem(HttpStatusCode.NotFound, "token.unknown");
        foreach (string? token in new[] { strange.Unused.Text("decisionId"), other.Unused.Text("decisionId"), played.Text("decisionId") })
        {
            JsonObject report = Bodies.Event(still.Consumer, still.Brand, "impression").With("decisionId", token);
            Assert.Equal("event.decision_unknown", (await _api.PostAsync("/v1/events", Bodies.Events(report))).Ok().Json.Text("results/0/code"));
        }

        (await _api.GetAsync(played.Text("viewableUrl")!)).Ok();
        await still.ExpectUnchangedAsync();
        await other.ExpectUnchangedAsync();
    }

    [Fact]
    public async Task A_repeated_token_counts_once()
    {
        StillBrand still = await StillBrand.PutAsync(_api);
        for (int i = 0; i < 3; i++)
        {
            (await _api.GetAsync(still.Shown.Text("viewableUrl")!)).Ok();
            JsonObject report = Bodies.Event(still.Consumer, still.Brand, "viewable").With("decisionId", still.Shown.Text("decisionId"));
            Assert.Equal("duplicate", (await _api.PostAsync("/v1/events", Bodies.Events(report))).Ok().Json.Text("results/0/status"));
        }

        await still.ExpectUnchangedAsync();
    }

    [Theory]
    [InlineData(Way.Trackers)]
    [InlineData(Way.Events)]
    public async Task A_late_token_is_recorded_as_late_and_counts_for_caps(Way way)
    {
        await using TestServer server = await TestServer.StartAsync("--no-demo");
        string brand = await server.Api.PutNewAsync(Brands.Plain().With("caps", JsonNode.Parse("""[ { "max": 1, "per": "2d" } ]""")));
        Play play = new(server.Api, brand, way, sandbox: true);
        JsonNode decision = (await play.AskAsync())!;
        Assert.Null(await play.AskAsync());
        await play.PassAsync("11m");
        Assert.Null((await play.ReadAsync()).At("caps/brand"));

        await play.InteractAsync(decision, "impression");
        JsonNode relation = await play.ReadAsync();
        JsonNode exposure = Assert.Single(relation.List("exposures"))!;
        Assert.Equal(("confirmed", true), (exposure.Text("state"), exposure.At("late")!.GetValue<bool>()));
        Assert.Equal(1, relation.Number("caps/brand/0/count"));
        Assert.Null(await play.AskAsync());

        await play.PassAsync("25h");
        await play.InteractAsync(decision, "click");
        Assert.Contains("click", (await play.ReadAsync()).List("exposures/0/interactions").Select(i => i!.GetValue<string>()));
    }

    [Fact]
    public async Task A_token_beyond_thirty_days_is_answered_and_counts_nothing()
    {
        await using TestServer server = await TestServer.StartAsync("--no-demo");
        string brand = await server.Api.PutNewAsync(Brands.Plain());
        Play play = new(server.Api, brand, Way.Trackers, sandbox: true);
        JsonNode decision = (await play.AskAsync())!;
        await play.PassAsync("31d");
        await play.InteractAsync(decision, "impression");
        Assert.Empty((await play.ReadAsync()).List("exposures"));
    }

    private static string Flip(string token, int at) => $"{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}";
}
