using System.Net;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary><c>POST /v1/events</c> and the trackers, every type and field of them.</summary>
public sealed class EventsTests(SharedServer shared)
{
    private static readonly string[] Behaviours = ["view", "content_engage", "shop_visit", "follow", "brand_search", "favorite", "coupon_claim", "cart"];

    private readonly ApiClient _api = shared.Api;

    [Fact]
    public async Task Every_type_is_taken_and_a_repeated_one_is_a_duplicate()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId();
        string decision = await DecisionIdAsync(consumer, brand);
        JsonObject[] events =
        [
            .. new[] { "impression", "viewable", "watched", "skip", "click", "engage", "dismiss" }.Select(t => Bodies.Event(consumer, brand, t).With("decisionId", decision)),
            .. Behaviours.Concat(["search", "sample_claim", "unfollow", "unfavorite", "remove_from_cart", "join_member", "leave_member"])
                .Select(t => Bodies.Event(consumer, brand, t).With("item", "sku-9").With("channel", "app")),
            Bodies.Event(consumer, brand, "review").With("rating", 5),
            .. new[] { "deposit", "purchase", "refund" }.Select(t => Bodies.Event(consumer, brand, t).With("orderId", "o-7").With("value", 199_000_000).With("currency", "EUR")),
            Bodies.Event(consumer, brand, "impression").With("creative", "c1"),
        ];
        JsonNode answer = (await _api.PostAsync("/v1/events", Bodies.Events(events))).Ok().Json;
        Assert.Equal(["accepted", "duplicates", "rejected", "results"], answer.Members());
        Assert.All(answer.List("results"), r => Assert.Equal("accepted", r.Text("status")));
        Assert.Equal((events.Length, 0, 0), (answer.Number("accepted"), answer.Number("duplicates"), answer.Number("rejected")));
        Assert.Equal(events.Select(e => e.Text("eventId")), answer.List("results").Select(r => r.Text("eventId")));

        string state = (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Text;
        answer = (await _api.PostAsync("/v1/events", Bodies.Events([.. events.Select(e => e.DeepClone().AsObject())]))).Ok().Json;
        Assert.Equal((0, events.Length, 0), (answer.Number("accepted"), answer.Number("duplicates"), answer.Number("rejected")));
        Assert.Equal(state, (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Text);
    }

    [Fact]
    public async Task A_batch_of_a_thousand_over_many_consumers_is_taken_and_each_item_judged_by_itself()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string[] consumers = [.. Enumerable.Range(0, 50).Select(_ => Bodies.NewId())];
        JsonObject[] events = [.. Enumerable.Range(0, 1000).Select(i => Bodies.Event(consumers[i % 50], brand, i % 10 == 9 ? "hover" : "view"))];
        JsonNode answer = (await _api.PostAsync("/v1/events", Bodies.Events(events))).Ok().Json;
        Assert.Equal((900, 100), (answer.Number("accepted"), answer.Number("rejected")));
        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(i % 10 == 9 ? "rejected" : "accepted", answer.Text($"results/{i}/status")));
        JsonNode relation = (await _api.GetAsync($"/v1/consumers/{consumers[0]}")).Ok().Json.At($"brands/{brand}")!;
        Assert.Equal(20, relation.Number("behaviours/view/count"));
    }

    [Fact]
    public async Task Trackers_answer_with_a_pixel_a_redirect_or_nothing_and_each_kind_counts_once()
    {
        string brand = await _api.PutNewAsync(Brands.Plain(1));
        string consumer = Bodies.NewId();
        JsonNode decision = (await _api.PostAsync("/v1/decisions", Bodies.Decide(consumer, brand))).Ok().Json.At("placements/0/decisions/0")!;
        for (int time = 0; time < 2; time++)
        {
            foreach (string pixel in new[] { "impressionUrl", "viewableUrl" })
            {
                Answer gif = (await _api.GetAsync(decision.Text(pixel)!)).Ok();
                Assert.Equal(("image/gif", "GIF89a"), (gif.Header("Content-Type"), gif.Text[..6]));
                Assert.Equal("no-store", gif.Header("Cache-Control"));
            }

            Answer click = (await _api.GetAsync(decision.Text("clickUrl")!)).Expect(HttpStatusCode.Redirect);
            Assert.Equal("https://shop.example/c", click.Header("Location"));
            Answer hijack = (await _api.GetAsync($"{decision.Text("clickUrl")}?url=https://evil.example/")).Expect(HttpStatusCode.Redirect);
            Assert.Equal("https://shop.example/c", hijack.Header("Location"));
            foreach (string kind in new[] { "watched", "skip", "engage", "dismiss" })
            {
                (await _api.GetAsync($"{decision.Text("eventUrl")}?k={kind}")).Expect(HttpStatusCode.NoContent);
                (await _api.SendAsync("POST", $"{decision.Text("eventUrl")}?k={kind}", null)).Expect(HttpStatusCode.NoContent);
            }
        }

        JsonNode exposure = Assert.Single((await ReadAsync(consumer, brand)).List("exposures"))!;
        Assert.Equal(["click", "dismiss", "engage", "impression", "skip", "viewable", "watched"], exposure.List("interactions").Select(i => i!.GetValue<string>()).Order());
        Assert.Equal(("confirmed", false), (exposure.Text("state"), exposure.At("late")!.GetValue<bool>()));
    }

    [Fact]
    public async Task Events_in_any_order_and_up_to_thirty_days_late_give_the_same_consumer()
    {
        string brand = await _api.PutNewAsync(Brands.OpenAurora(), "aurora");
        DateTimeOffset now = DateTimeOffset.UtcNow;
        (string Type, double DaysAgo)[] history = [("view", 29.9), ("view", 3), ("favorite", 6), ("cart", 2), ("unfavorite", 1), ("follow", 12), ("brand_search", 5)];
        string[] states = new string[3];
        for (int order = 0; order < states.Length; order++)
        {
            string consumer = Bodies.NewId();
            foreach ((string type, double daysAgo) in order switch { 0 => history, 1 => history.Reverse(), _ => history.OrderBy(h => h.Type) })
            {
                Answer answer = (await _api.PostAsync("/v1/events", Bodies.Events(Bodies.Event(consumer, brand, type, now.AddDays(-daysAgo)).With("item", "sku-1")))).Ok();
                Assert.Equal("accepted", answer.Json.Text("results/0/status"));
            }

            JsonNode relation = await ReadAsync(consumer, brand);
            states[order] = $"{relation.Text("stage")} {relation.Text("deeplinkStage")} {Math.Round(relation.Number("intent"), 2)} {relation.At("behaviours")!.ToJsonString()}";
        }

        Assert.StartsWith("interest perform", states[0]);
        Assert.Equal(states[0], states[1]);
        Assert.Equal(states[0], states[2]);
    }

    [Fact]
    public async Task A_refund_undoes_its_order_in_whichever_order_they_come()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        foreach (bool refundFirst in new[] { false, true })
        {
            string consumer = Bodies.NewId();
            JsonObject[] events = [.. new[] { "purchase", "refund" }.Select(t => Bodies.Event(consumer, brand, t).With("orderId", "o-1").With("value", 5_000_000).With("currency", "EUR"))];
            foreach (JsonObject item in refundFirst ? events.Reverse() : events)
            {
                (await _api.PostAsync("/v1/events", Bodies.Events(item))).Ok();
            }

            JsonNode relation = await ReadAsync(consumer, brand);
            Assert.Equal("none", relation.Text("stage"));
            Assert.Equal("refunded", relation.Text("orders/0/status"));
        }
    }

    private async Task<string> DecisionIdAsync(string consumer, string brand) =>
        (await _api.PostAsync("/v1/decisions", Bodies.Decide(consumer, brand))).Ok().Json.Text("placements/0/decisions/0/decisionId")!;

    private async Task<JsonNode> ReadAsync(string consumer, string brand) => (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
}
