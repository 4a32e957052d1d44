using System.Net;
using System.Text.Json.Nodes;

namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>How interactions reach the server.</summary>
public enum Way { Events, Trackers }

/// <summary>One consumer's play with one brand, live or in the sandbox.</summary>
internal sealed class Play(ApiClient api, string brand, Way way, bool sandbox = false)
{
    private readonly string _root = sandbox ? "/v1/sandbox" : "/v1";

    public string Consumer { get; } = Bodies.NewId();

    /// <summary>Asks for one decision; null where there is none.</summary>
    public async Task<JsonNode?> AskAsync() => (await api.PostAsync($"{_root}/decisions", Bodies.Decide(Consumer, brand))).Ok().Json.At("placements/0/decisions/0");

    /// <summary>The consumer's relationship with the brand.</summary>
    public async Task<JsonNode> ReadAsync() => (await api.GetAsync($"{_root}/consumers/{Consumer}")).Ok().Json.At($"brands/{brand}")!;

    /// <summary>Reports what happened to a decision.</summary>
    public async Task InteractAsync(JsonNode decision, string kind)
    {
        if (way == Way.Events)
        {
            await RecordAsync(Bodies.Event(Consumer, brand, kind, await NowAsync()).With("decisionId", decision.Text("decisionId")));
            return;
        }

        string url = kind switch
        {
            "impression" => decision.Text("impressionUrl")!,
            "viewable" => decision.Text("viewableUrl")!,
            "click" => decision.Text("clickUrl")!,
            _ => $"{decision.Text("eventUrl")}?k={kind}",
        };
        Answer answer = await api.GetAsync(url);
        Assert.InRange((int)answer.Status, 200, 302);
    }

    /// <summary>Reports a behaviour of now.</summary>
    public async Task HappenAsync(string type, TimeSpan ago = default) => await RecordAsync(Bodies.Event(Consumer, brand, type, await NowAsync() - ago));

    /// <summary>Reports a purchase of now.</summary>
    public async Task BuyAsync(long micros = 199_000_000) => await RecordAsync(Bodies.Event(Consumer, brand, "purchase", await NowAsync())
        .With("orderId", Bodies.NewId("o")).With("value", micros).With("currency", "CNY"));

    /// <summary>Lets the sandbox's days pass.</summary>
    public async Task PassAsync(string duration) => (await api.PostAsync("/v1/sandbox/clock", new JsonObject { ["advance"] = duration })).Ok();

    private async Task RecordAsync(JsonObject @event)
    {
        Answer answer = (await api.PostAsync($"{_root}/events", Bodies.Events(@event))).Expect(HttpStatusCode.OK);
        Assert.Equal("accepted", answer.Json.Text("results/0/status"));
    }

    private async Task<DateTimeOffset> NowAsync() => sandbox ? (await api.GetAsync("/v1/sandbox/clock")).Ok().Json.Instant("now") : DateTimeOffset.UtcNow;
}
