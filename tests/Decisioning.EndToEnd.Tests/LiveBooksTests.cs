using System.Text.Json;
using System.Text.Json.Nodes;
using Decisioning.Api.Tests.Support;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>What a watcher is shown at the end is what a recount gives, and what the consumers say one by one.</summary>
public sealed class LiveBooksTests(SharedServer shared)
{
    private const int Events = 2_000;
    private const int Consumers = 300;
    private const int Batch = 200;
    private const int Seed = 20261122;

    private static readonly string[] Types = ["view", "content_engage", "shop_visit", "follow", "brand_search", "favorite", "cart", "purchase", "unfollow", "search"];

    [Fact]
    public async Task The_last_pulse_is_the_recount_and_the_sum_over_the_consumers()
    {
        ApiClient api = shared.Server.Api;
        string brand = await api.PutNewAsync(Brands.Plain(), "live");
        await using HubClient watcher = await HubClient.ConnectAsync(shared.Server.Url);
        Assert.Null(await watcher.CallAsync("WatchBrand", brand));

        Task<JsonObject> watching = WatchAsync(watcher);
        string[] consumers = [.. Enumerable.Range(0, Consumers).Select(_ => Bodies.NewId())];
        Random random = new(Seed);
        foreach (JsonObject[] batch in Enumerable.Range(0, Events).Select(_ => NewEvent(random, consumers, brand)).Chunk(Batch))
        {
            Answer answer = await api.PostAsync("/v1/events", Bodies.Events(batch));
            Assert.All(answer.Ok().Json.List("results"), result => Assert.Equal("accepted", result.Text("status")));
        }

        JsonObject shown = await watching;
        JsonNode recount = (await api.GetAsync($"/v1/brands/{brand}/recount")).Ok().Json;
        Assert.True(recount["ok"]!.GetValue<bool>(), recount.ToJsonString());
        JsonNode pulse = (await api.GetAsync($"/v1/brands/{brand}/pulse")).Ok().Json;
        Assert.Equal(CountsOf(pulse["stages"]!), CountsOf(shown["stages"]!));
        Assert.Equal(CountsOf(recount["stages"]!), CountsOf(shown["stages"]!));
        Assert.Equal(await SumAsync(api, brand, consumers), CountsOf(shown["stages"]!));
    }

    /// <summary>Takes frames until all events are in them: each the next one, or a whole pulse.</summary>
    private static async Task<JsonObject> WatchAsync(HubClient watcher)
    {
        JsonObject shown = Object(await watcher.NextAsync("pulse"));
        while (shown["activity"].Number("events") < Events)
        {
            HubCall call = await watcher.NextAsync();
            JsonObject frame = Object(call.Argument);
            if (call.Target == "shift")
            {
                Assert.Equal(shown.Number("frame") + 1, frame.Number("frame"));
                shown = ShiftMerge.Apply(shown, frame);
            }
            else
            {
                shown = frame;
            }
        }

        return shown;
    }

    private static async Task<string> SumAsync(ApiClient api, string brand, string[] consumers)
    {
        SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (string consumer in consumers)
        {
            Answer answer = await api.GetAsync($"/v1/consumers/{consumer}");
            if (answer.Status == System.Net.HttpStatusCode.OK)
            {
                string stage = answer.Json["brands"]![brand].Text("stage")!;
                counts[stage] = counts.GetValueOrDefault(stage) + 1;
            }
        }

        return string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"));
    }

    private static string CountsOf(JsonNode stages) =>
        string.Join(", ", stages.AsObject().Where(s => s.Value!.GetValue<double>() > 0).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}"));

    private static JsonObject NewEvent(Random random, string[] consumers, string brand)
    {
        string type = Types[random.Next(Types.Length)];
        JsonObject e = Bodies.Event(consumers[random.Next(consumers.Length)], brand, type, DateTimeOffset.UtcNow.AddMinutes(-random.Next(60 * 24 * 20)))
            .With("item", $"i{random.Next(3)}");
        return type == "purchase" ? e.Without("item").With("orderId", Bodies.NewId("o")).With("value", 1_000_000).With("currency", "EUR") : e;
    }

    private static JsonObject Object(JsonElement element) => JsonNode.Parse(element.GetRawText())!.AsObject();
}
