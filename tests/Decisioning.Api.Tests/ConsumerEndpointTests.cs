using Decisioning.Api.Access;
using Decisioning.Api.Tests.Support;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests;

public class ConsumerEndpointTests
{
    private const long At = ScriptedHost.Start;

    [Fact]
    public async Task A_consumer_is_written_in_full()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.Consumer = new ConsumerView("c-42", [Full("aurora")]);
        TestAnswer answer = await api.GetAsync("/v1/consumers/c-42");
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal(
            """
            {"id":"c-42","aliases":[],"brands":{"aurora":{"stage":"interest","deeplinkStage":"perform","intent":63.2,"purchaseProbability":null,
            "behaviours":{"cart":{"count":1,"lastAt":"2026-11-10T20:15:00.000Z"}},
            "orders":[{"orderId":"o-7","status":"purchased","at":"2026-11-10T20:15:00.000Z","value":5,"refunded":0}],
            "exposures":[{"at":"2026-11-10T20:15:00.000Z","campaign":"spring","storyline":"launch","step":"runway","creative":null,"state":"confirmed","late":true,"interactions":["click"]}],
            "storylines":{"launch":{"startedAt":null,"furthest":"runway","completed":false,"exited":true,"seen":{"runway":2}}},
            "caps":{"brand":[{"id":"aurora","max":3,"per":"1d","count":2,"freeAt":null},{"id":"aurora","max":12,"per":"7d","count":2,"freeAt":null}],
            "campaign":[{"id":"spring","max":8,"per":"lifetime","count":8,"freeAt":"2026-11-10T20:15:00.000Z"},{"id":"x","max":8,"per":"lifetime","count":0,"freeAt":null}]},
            "stageHistory":[{"at":"2026-11-10T20:15:00.000Z","from":"none","to":"perform"}],
            "decisions":[{"at":"2026-11-10T20:15:00.000Z","placement":"home","campaign":null,"step":null,"creative":null,"score":null,"propensity":null,"reason":"holdout","ghost":true}]}}}
            """.ReplaceLineEndings(""),
            answer.Text);
    }

    [Fact]
    public async Task Only_the_keys_brands_are_shown()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("k", Roles.Consumer, ["borealis"])]);
        api.Host.Consumer = new ConsumerView("c-42", [Full("aurora"), Full("borealis")]);
        TestAnswer answer = await api.GetAsync("/v1/consumers/c-42", ("X-Api-Key", "k"));
        Assert.Equal(["borealis"], answer.Json.GetProperty("brands").EnumerateObject().Select(b => b.Name));
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("a b?#", "a%20b%3F%23")]
    [InlineData("é😀", "%C3%A9%F0%9F%98%80")]
    [InlineData("..", "%2E%2E.")]
    public async Task Any_id_can_be_asked_for(string id, string path)
    {
        await using TestApi api = await TestApi.StartAsync();
        id = id == ".." ? "..." : id;
        api.Host.Consumer = new ConsumerView(id, []);
        api.Host.Receipt = new ErasureReceipt(id, At, [], At);
        Assert.Equal(id, (await api.GetAsync($"/v1/consumers/{path}?x=1")).Json.GetProperty("id").GetString());
        Assert.Equal(id, (await api.SendAsync("DELETE", $"/v1/consumers/{path}", null)).Json.GetProperty("consumer").GetString());
    }

    [Fact]
    public async Task One_never_seen_is_404_and_an_id_that_cannot_be_is_a_fault()
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (string method in new[] { "GET", "DELETE" })
        {
            Assert.Equal("consumer.unknown", (await api.SendAsync(method, "/v1/consumers/c-43", null)).Code);
            Assert.Equal(["/id too_long"], (await api.SendAsync(method, $"/v1/consumers/{new string('x', 129)}", null)).Faults);
        }
    }

    [Fact]
    public async Task Erasure_gives_a_receipt()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.Receipt = new ErasureReceipt("c-42", At, ["aurora", "borealis"], At + 1);
        Assert.Equal(
            """{"consumer":"c-42","erasedAt":"2026-11-10T20:15:00.000Z","brands":["aurora","borealis"],"tombstoneUntil":"2026-11-10T20:15:00.001Z"}""",
            (await api.SendAsync("DELETE", "/v1/consumers/c-42", null)).Text);
    }

    private static RelationshipView Full(string brand) => new(
        brand, Stage.Interest, DeeplinkStage.Perform, 63.2120558,
        new Dictionary<string, BehaviourView> { ["cart"] = new(1, At) },
        [new OrderView("o-7", "purchased", At, 5, 0)],
        [new ExposureView(At, "spring", "launch", "runway", null, "confirmed", true, ["click"])],
        new Dictionary<string, StorylineView> { ["launch"] = new(null, "runway", false, true, new Dictionary<string, int> { ["runway"] = 2 }) },
        [
            new CapView("brand", brand, 3, 86_400_000, 2, null), new CapView("campaign", "spring", 8, null, 8, At),
            new CapView("brand", brand, 12, 604_800_000, 2, null), new CapView("campaign", "x", 8, CapRule.Lifetime, 0, null),
        ],
        [new StageChangeView(At, DeeplinkStage.None, DeeplinkStage.Perform)],
        [new DecisionView(At, "home", null, null, null, null, null, "holdout", true)]);
}
