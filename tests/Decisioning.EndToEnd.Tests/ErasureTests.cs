using System.Net;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>A consumer's record and its erasure.</summary>
public sealed class ErasureTests(SharedServer shared)
{
    private readonly ApiClient _api = shared.Api;

    [Fact]
    public async Task A_consumer_is_shown_with_every_brand_it_has_a_record_with()
    {
        string[] brands = [await _api.PutNewAsync(Brands.Plain().With("caps", JsonNode.Parse("""[ { "max": 9, "per": "7d" } ]"""))), await _api.PutNewAsync(Brands.Plain())];
        string consumer = Bodies.NewId();
        JsonNode decision = (await _api.PostAsync("/v1/decisions", Bodies.Decide(consumer, brands[0]))).Ok().Json.At("placements/0/decisions/0")!;
        (await _api.GetAsync(decision.Text("viewableUrl")!)).Ok();
        (await _api.PostAsync("/v1/events", Bodies.Events(
            Bodies.Event(consumer, brands[0], "purchase").With("orderId", "o-7").With("value", 5_000_000).With("currency", "EUR"),
            Bodies.Event(consumer, brands[1], "view", DateTimeOffset.UtcNow.AddDays(-20))))).Ok();

        JsonNode view = (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json;
        Assert.Equal(["id", "aliases", "brands"], view.Members());
        Assert.Equal(consumer, view.Text("id"));
        Assert.Equal(brands.Order(), view.At("brands").Members().Order());
        JsonNode relation = view.At($"brands/{brands[0]}")!;
        Assert.Equal(
            ["stage", "deeplinkStage", "intent", "purchaseProbability", "behaviours", "orders", "exposures", "storylines", "caps", "stageHistory", "decisions"], relation.Members());
        Assert.Equal(("purchase", "initial"), (relation.Text("stage"), relation.Text("deeplinkStage")));
        Assert.Equal(("o-7", "purchased", 5_000_000, 0), (relation.Text("orders/0/orderId"), relation.Text("orders/0/status"), relation.Number("orders/0/value"), relation.Number("orders/0/refunded")));
        Assert.Equal(("one", "line", "only"), (relation.Text("exposures/0/campaign"), relation.Text("exposures/0/storyline"), relation.Text("exposures/0/step")));
        Assert.Equal((9, "7d", 1), (relation.Number("caps/brand/0/max"), relation.Text("caps/brand/0/per"), relation.Number("caps/brand/0/count")));
        Assert.Equal(1, relation.Number("storylines/line/seen/only"));
        Assert.Equal("only", relation.Text("storylines/line/furthest"));
        Assert.Equal(["none>discover", "discover>initial"], relation.List("stageHistory").Select(c => $"{c.Text("from")}>{c.Text("to")}"));
        Assert.Equal(decision.Text("creative/id"), Assert.Single(relation.List("decisions")).Text("creative"));
        Assert.Equal("none", view.Text($"brands/{brands[1]}/stage"));
    }

    [Theory]
    [InlineData("a b/c?d#e%f")]
    [InlineData("消费者-一")]
    public async Task Any_text_of_1_to_128_bytes_is_an_id(string start)
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string consumer = $"{start}-{Brands.NewId()}";
        (await _api.PostAsync("/v1/events", Bodies.Events(Bodies.Event(consumer, brand, "view")))).Ok();
        Assert.Equal(consumer, (await _api.GetAsync($"/v1/consumers/{Uri.EscapeDataString(consumer)}")).Ok().Json.Text("id"));
    }

    [Fact]
    public async Task Erasure_leaves_a_receipt_and_not_a_byte_of_the_id()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId("erase-me");
        string path = $"/v1/consumers/{consumer}";
        (await _api.DeleteAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");

        JsonNode decision = (await _api.PostAsync("/v1/decisions", Bodies.Decide(consumer, brand))).Ok().Json.At("placements/0/decisions/0")!;
        JsonNode unused = (await _api.PostAsync("/v1/decisions", Bodies.Decide(consumer, brand))).Ok().Json.At("placements/0/decisions/0")!;
        (await _api.GetAsync(decision.Text("impressionUrl")!)).Ok();
        string order = Bodies.NewId("erase-order");
        JsonObject purchase = Bodies.Event(consumer, brand, "purchase").With("orderId", order).With("value", 5_000_000).With("currency", "EUR");
        (await _api.PostAsync("/v1/events", Bodies.Events(purchase))).Ok();
        Assert.True(FilesHold(consumer), "The id is not to be found on disk, so its absence would show nothing.");

        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-1);
        JsonNode receipt = (await _api.DeleteAsync(path)).Ok().Json;
        Assert.Equal(["consumer", "erasedAt", "brands", "tombstoneUntil"], receipt.Members());
        Assert.Equal((consumer, brand), (receipt.Text("consumer"), Assert.Single(receipt.List("brands"))!.GetValue<string>()));
        Assert.InRange(receipt.Instant("erasedAt"), before, DateTimeOffset.UtcNow);
        Assert.Equal(TimeSpan.FromDays(31), receipt.Instant("tombstoneUntil") - receipt.Instant("erasedAt"));
        Assert.False(FilesHold(consumer), "The id is still in the data folder.");
        Assert.False(FilesHold(order), "An order of the consumer is still in the data folder.");
        (await _api.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");

        await ItsTokensCountNothingAsync(path, consumer, brand, unused);
    }

    [Fact]
    public async Task An_erasure_stands_after_a_kill()
    {
        await using TestServer server = await TestServer.StartAsync("--no-demo");
        string brand = await server.Api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId("erase-me");
        JsonNode decision = (await server.Api.PostAsync("/v1/decisions", Bodies.Decide(consumer, brand))).Ok().Json.At("placements/0/decisions/0")!;
        (await server.Api.PostAsync("/v1/events", Bodies.Events(Bodies.Event(consumer, brand, "cart")))).Ok();
        (await server.Api.DeleteAsync($"/v1/consumers/{consumer}")).Ok();
        await server.KillAndStartAgainAsync();
        (await server.Api.GetAsync($"/v1/consumers/{consumer}")).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");
        (await server.Api.GetAsync(decision.Text("impressionUrl")!)).Ok();
        (await server.Api.GetAsync($"/v1/consumers/{consumer}")).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");
        Assert.False(DataFolder.Holds(server.Folder, consumer));
    }

    private async Task ItsTokensCountNothingAsync(string path, string consumer, string brand, JsonNode unused)
    {
        (await _api.GetAsync(unused.Text("impressionUrl")!)).Ok();
        (await _api.GetAsync(unused.Text("clickUrl")!)).Expect(HttpStatusCode.Redirect);
        (await _api.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");
        JsonNode answer = (await _api.PostAsync("/v1/events", Bodies.Events(
            Bodies.Event(consumer, brand, "viewable").With("decisionId", unused.Text("decisionId")),
            Bodies.Event(consumer, brand, "view", DateTimeOffset.UtcNow.AddMinutes(-1))))).Ok().Json;
        Assert.Equal((0, 2), (answer.Number("accepted"), answer.Number("rejected")));
        (await _api.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "consumer.unknown");
        Assert.False(FilesHold(consumer), "The id came back into the data folder.");
    }

    private bool FilesHold(string text) => DataFolder.Holds(shared.Server.Folder, text);
}
