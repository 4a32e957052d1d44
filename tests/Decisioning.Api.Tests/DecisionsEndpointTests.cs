using System.Text;
using System.Text.Json;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests;

public class DecisionsEndpointTests
{
    [Fact]
    public async Task A_decision_is_written_in_full()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(answer.Body.Length.ToString(), answer.Headers["Content-Length"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal(("r-1", "cat-7", 0),
            (answer.Json.GetProperty("requestId").GetString(), answer.Json.GetProperty("catalogueVersion").GetString(),
            answer.Json.GetProperty("policyVersion").GetInt32()));
        Assert.False(answer.Json.TryGetProperty("events", out _));
        Assert.False(answer.Json.TryGetProperty("explanation", out _));
        JsonElement placement = answer.Json.GetProperty("placements")[0];
        Assert.Equal("home-top", placement.GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, placement.GetProperty("noDecision").ValueKind);
        JsonElement decision = placement.GetProperty("decisions")[0];
        Assert.Equal(
            ["aurora", "spring", "launch", "runway", "awareness", "discover"],
            new[] { "brand", "campaign", "storyline", "step", "stage", "deeplinkStage" }.Select(m => decision.GetProperty(m).GetString()));
        Assert.Equal("63.2", decision.GetProperty("intent").GetRawText());
        Assert.Equal(("0.021", "0.74", "null"),
            (decision.GetProperty("score").GetRawText(), decision.GetProperty("propensity").GetRawText(),
            decision.GetProperty("purchaseProbability").GetRawText()));
        Assert.Equal("2026-11-10T20:25:00.000Z", decision.GetProperty("expiresAt").GetString());
        Assert.Equal(
            """{"id":"runway-a","format":"video","url":"https://cdn.example/ra.mp4","landing":"https://aurora.example/show?a=1&b=2","appLink":null,"trackers":{"impression":["https://3rd.example/i?t=[TIMESTAMP]&x=<1>"]}}""",
            decision.GetProperty("creative").GetRawText());
    }

    [Fact]
    public async Task The_decision_id_is_the_token_of_its_trackers_and_carries_the_decision()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement decision = First(await api.PostAsync("/v1/decisions", Bodies.Decide));
        string token = decision.GetProperty("decisionId").GetString()!;
        foreach ((string member, string kind) in new[] { ("impressionUrl", "i"), ("viewableUrl", "v"), ("clickUrl", "c"), ("eventUrl", "e") })
        {
            Assert.Equal($"http://{api.Address.Authority}/t/{kind}/{token}", decision.GetProperty(member).GetString());
        }

        Assert.True(api.Tokens.TryOpen(Encoding.ASCII.GetBytes(token), out DecisionRef? opened, out TokenRealm realm));
        Assert.Equal(new DecisionRef("c-42", 1, 1, 1, 1, 5, ScriptedHost.Start, 600, PriceModel.Cpm, 30_000, TestCatalogue.Channel), opened);
        Assert.Equal(TokenRealm.Live, realm);
    }

    [Fact]
    public async Task URLs_start_with_the_public_URL_where_there_is_one()
    {
        await using TestApi api = await TestApi.StartAsync(publicUrl: "https://ads.example/x");
        JsonElement decision = First(await api.PostAsync("/v1/decisions", Bodies.Decide));
        Assert.StartsWith("https://ads.example/x/t/c/", decision.GetProperty("clickUrl").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task URLs_follow_the_name_the_server_was_called_by()
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (string host in new[] { "localhost:1", "127.0.0.1:65535", "localhost:1" })
        {
            JsonElement decision = First(await api.PostAsync("/v1/decisions", Bodies.Decide, ("Host", host)));
            Assert.StartsWith($"http://{host}/t/i/", decision.GetProperty("impressionUrl").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_contextual_choice_names_no_consumer_and_one_that_counts_at_once_does_not_expire()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.OnDecide = c => Reply(c, new PlacementReply([TestCatalogue.Decision(TestCatalogue.Aurora, reserveSeconds: 0, contextual: true)], null));
        JsonElement decision = First(await api.PostAsync("/v1/decisions", Bodies.Decide));
        Assert.Equal(JsonValueKind.Null, decision.GetProperty("expiresAt").ValueKind);
        Assert.True(api.Tokens.TryOpen(Encoding.ASCII.GetBytes(decision.GetProperty("decisionId").GetString()!), out DecisionRef? opened, out _));
        Assert.Null(opened.ConsumerId);
    }

    [Theory]
    [InlineData(NoDecisionReason.FrequencyCap, "frequency_cap", 1000L, "2026-11-10T20:15:01.000Z")]
    [InlineData(NoDecisionReason.NoCampaign, "no_campaign", null, null)]
    [InlineData(NoDecisionReason.Timeout, "timeout", null, null)]
    public async Task A_slot_that_cannot_be_filled_is_still_200_and_says_why(NoDecisionReason reason, string name, long? after, string? retryAfter)
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.OnDecide = c => Reply(c, new PlacementReply([], new NoDecision(reason, ScriptedHost.Start + after)));
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide);
        Assert.Equal(200, (int)answer.Status);
        JsonElement placement = answer.Json.GetProperty("placements")[0];
        Assert.Equal(0, placement.GetProperty("decisions").GetArrayLength());
        Assert.Equal(name, placement.GetProperty("noDecision").GetProperty("reason").GetString());
        Assert.Equal(retryAfter, placement.GetProperty("noDecision").GetProperty("retryAfter").GetString());
    }

    [Fact]
    public async Task An_explanation_is_written_in_full()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.OnDecide = c =>
        {
            DecideReply reply = Reply(c, new PlacementReply([], new NoDecision(NoDecisionReason.Budget, null)));
            reply.Explanation = new Explanation([new PlacementExplanation("home-top",
            [
                new(0, "aurora", "spring", null, null, null, NoDecisionReason.Budget, "Spent.", ScriptedHost.Start, null, null, false),
                new(1, "aurora", "spring", "launch", "runway", "runway-a", null, null, null, 0.5, 0.25, true),
            ])]);
            return reply;
        };
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide.Insert(1, "\"explain\":true,"));
        Assert.Equal(
            """
            {"placements":[{"id":"home-top","candidates":[{"slot":0,"brand":"aurora","campaign":"spring","storyline":null,"step":null,"creative":null,"removedBy":"budget","detail":"Spent.","eligibleAt":"2026-11-10T20:15:00.000Z","score":null,"probability":null,"chosen":false},{"slot":1,"brand":"aurora","campaign":"spring","storyline":"launch","step":"runway","creative":"runway-a","removedBy":null,"detail":null,"eligibleAt":null,"score":0.5,"probability":0.25,"chosen":true}]}]}
            """,
            answer.Json.GetProperty("explanation").GetRawText());
    }

    [Fact]
    public async Task A_test_decision_has_a_token_that_records_nothing()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement decision = First(await api.PostAsync("/v1/decisions", Bodies.Decide.Insert(1, "\"test\":true,")));
        Assert.Equal(200, (int)(await api.GetAsync(new Uri(decision.GetProperty("impressionUrl").GetString()!).AbsolutePath)).Status);
        Assert.Equal(302, (int)(await api.GetAsync(new Uri(decision.GetProperty("clickUrl").GetString()!).AbsolutePath)).Status);
        Assert.Empty(api.Host.Tracked);
    }

    [Fact]
    public async Task A_host_that_cannot_take_the_work_is_503_with_a_time_to_try_again()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.Fault = new HostUnavailableException("The journal is full.", TimeSpan.FromMilliseconds(1500));
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide);
        Assert.Equal(503, (int)answer.Status);
        Assert.Equal("host.unavailable", answer.Code);
        Assert.Equal("2", answer.Headers["Retry-After"]);
        Assert.Equal("The journal is full.", answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_fault_of_the_server_gives_nothing_away()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.Fault = new InvalidOperationException("secret");
        TestAnswer answer = await api.PostAsync("/v1/decisions", Bodies.Decide);
        Assert.Equal(500, (int)answer.Status);
        Assert.Equal("server.unexpected", answer.Code);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);

        api.Host.Fault = null;
        Assert.Equal(200, (int)(await api.PostAsync("/v1/decisions", Bodies.Decide)).Status);
    }

    private static JsonElement First(TestAnswer answer) => answer.Json.GetProperty("placements")[0].GetProperty("decisions")[0];

    private static DecideReply Reply(DecideCommand command, PlacementReply placement) => new()
    {
        At = ScriptedHost.Start,
        Catalogue = command.Catalogue,
        PolicyVersion = 0,
        Placements = [placement],
    };
}
