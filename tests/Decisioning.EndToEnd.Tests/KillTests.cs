using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary><c>kill -9</c>: what was acknowledged is there, and nothing counts twice.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int Connections = 16;
    private const int Rounds = 3;
    private const int BeforeKill = 200;

    private TestServer? _server;

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync("--no-demo");

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_at_once_after()
    {
        string brand = await Server.Api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId();
        JsonObject[] events = [Bodies.Event(consumer, brand, "cart"), Bodies.Event(consumer, brand, "purchase").With("orderId", "o-1").With("value", 7_000_000).With("currency", "EUR")];
        JsonNode decision = (await Server.Api.PostAsync("/v1/decisions", Bodies.Decide(consumer, brand))).Ok().Json.At("placements/0/decisions/0")!;
        (await Server.Api.GetAsync(decision.Text("viewableUrl")!)).Ok();
        Assert.Equal(2, (await Server.Api.PostAsync("/v1/events", Bodies.Events(events))).Ok().Json.Number("accepted"));
        await Server.KillAndStartAgainAsync();

        JsonNode relation = (await Server.Api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
        Assert.Equal(("purchase", "o-1", "confirmed"), (relation.Text("stage"), relation.Text("orders/0/orderId"), relation.Text("exposures/0/state")));
        Assert.Equal(2, (await Server.Api.PostAsync("/v1/events", Bodies.Events([.. events.Select(e => e.DeepClone().AsObject())]))).Ok().Json.Number("duplicates"));
        (await Server.Api.GetAsync(decision.Text("viewableUrl")!)).Ok();
        JsonNode after = (await Server.Api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
        Assert.Equal(relation.At("behaviours")!.ToJsonString(), after.At("behaviours")!.ToJsonString());
        Assert.Single(after.List("exposures"));
    }

    [Fact]
    public async Task A_token_outlives_the_decision_that_a_kill_may_take()
    {
        string brand = await Server.Api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId();
        JsonNode decision = (await Server.Api.PostAsync("/v1/decisions", Bodies.Decide(consumer, brand))).Ok().Json.At("placements/0/decisions/0")!;
        await Server.KillAndStartAgainAsync();
        (await Server.Api.GetAsync(decision.Text("impressionUrl")!)).Ok();
        JsonNode relation = (await Server.Api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
        JsonNode exposure = Assert.Single(relation.List("exposures"))!;
        Assert.Equal((decision.Text("creative/id"), "confirmed"), (exposure.Text("creative"), exposure.Text("state")));
    }

    [Fact]
    public async Task Under_load_nothing_acknowledged_is_missing_and_nothing_counts_twice()
    {
        string brand = await Server.Api.PutNewAsync(Brands.Plain());
        for (int round = 0; round < Rounds; round++)
        {
            string[] consumers = [.. Enumerable.Range(0, Connections).Select(_ => Bodies.NewId())];
            ConcurrentDictionary<string, bool> acknowledged = [];
            List<JsonObject>[] sent = await LoadUntilKilledAsync(brand, consumers, acknowledged);
            await Server.StartAgainAsync();

            for (int caller = 0; caller < Connections; caller++)
            {
                JsonNode answer = (await Server.Api.PostAsync("/v1/events", Bodies.Events([.. sent[caller].Select(e => e.DeepClone().AsObject())]))).Ok().Json;
                Assert.Equal(0, answer.Number("rejected"));
                string[] lost = [.. answer.List("results").Where(r => r.Text("status") == "accepted").Select(r => r.Text("eventId")!)];
                Assert.DoesNotContain(lost, acknowledged.ContainsKey);
                JsonNode relation = (await Server.Api.GetAsync($"/v1/consumers/{consumers[caller]}")).Ok().Json.At($"brands/{brand}")!;
                Assert.Equal(sent[caller].Count, relation.Number("behaviours/view/count"));
            }
        }
    }

    private async Task<List<JsonObject>[]> LoadUntilKilledAsync(string brand, string[] consumers, ConcurrentDictionary<string, bool> acknowledged)
    {
        List<JsonObject>[] sent = [.. consumers.Select(_ => new List<JsonObject>())];
        int count = 0;
        await Task.WhenAll(consumers.Select(async (consumer, caller) =>
        {
            while (true)
            {
                JsonObject view = Bodies.Event(consumer, brand, "view");
                sent[caller].Add(view);
                try
                {
                    Answer answer = (await Server.Api.PostAsync("/v1/events", Bodies.Events(view.DeepClone().AsObject()))).Ok();
                    Assert.Equal("accepted", answer.Json.Text("results/0/status"));
                    acknowledged[view.Text("eventId")!] = true;
                }
                catch (HttpRequestException) when (count >= BeforeKill)
                {
                    return;
                }

                if (Interlocked.Increment(ref count) == BeforeKill)
                {
                    await Server.KillAsync();
                }
            }
        }));
        return sent;
    }
}
