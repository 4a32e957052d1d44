using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>What must hold however many ask at once.</summary>
public sealed class ConcurrencyTests(SharedServer shared)
{
    private const int Connections = 64;

    private readonly ApiClient _api = shared.Api;

    [Fact]
    public async Task A_consumer_s_caps_hold_under_64_requests_at_once()
    {
        JsonObject document = Brands.Plain(20).With("caps", JsonNode.Parse("""[ { "max": 7, "per": "1d" } ]"""));
        document["campaigns"]!["one"]!["caps"] = JsonNode.Parse("""[ { "max": 5, "per": "lifetime" } ]""");
        string brand = await _api.PutNewAsync(document);
        string consumer = Bodies.NewId();
        JsonNode[] answers = await AtOnceAsync(_ => Bodies.Decide(consumer, brand, 2));
        JsonNode?[] decisions = [.. answers.SelectMany(a => a.List("placements/0/decisions"))];
        Assert.Equal(5, decisions.Length);

        await Task.WhenAll(decisions.Select(d => _api.GetAsync(d.Text("viewableUrl")!)));
        answers = await AtOnceAsync(_ => Bodies.Decide(consumer, brand, 2));
        Assert.All(answers, a => Assert.Equal("frequency_cap", a.Text("placements/0/noDecision/reason")));
        JsonNode relation = (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
        Assert.Equal((5, 5), (relation.Number("caps/campaign/0/count"), relation.Number("caps/brand/0/count")));
        Assert.Equal(5, relation.List("exposures").Count);
    }

    [Fact]
    public async Task One_request_sent_64_times_at_once_is_decided_once()
    {
        string brand = await _api.PutNewAsync(Brands.Plain(20));
        string consumer = Bodies.NewId();
        JsonNode[] answers = await AtOnceAsync(_ => Bodies.Decide(consumer, brand).With("requestId", "once"));
        Assert.Single(answers.Select(a => a.Text("placements/0/decisions/0/decisionId")).Distinct());
        JsonNode relation = (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
        Assert.Single(relation.List("exposures"));
    }

    [Fact]
    public async Task One_event_sent_64_times_at_once_counts_once()
    {
        string brand = await _api.PutNewAsync(Brands.Plain());
        string consumer = Bodies.NewId();
        JsonObject cart = Bodies.Event(consumer, brand, "cart");
        ConcurrentBag<string> told = [];
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (_, _) =>
            told.Add((await _api.PostAsync("/v1/events", Bodies.Events(cart.DeepClone().AsObject()))).Ok().Json.Text("results/0/status")!));
        Assert.Equal((1, Connections - 1), (told.Count(t => t == "accepted"), told.Count(t => t == "duplicate")));
        JsonNode relation = (await _api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json.At($"brands/{brand}")!;
        Assert.Equal(1, relation.Number("behaviours/cart/count"));
    }

    [Fact]
    public async Task A_campaign_that_is_paused_wins_nothing_a_second_later_whatever_the_load()
    {
        TimeSpan bound = TimeSpan.FromSeconds(1);
        string brand = await _api.PutNewAsync(Brands.Plain());
        // Who pauses has a connection and a thread of its own: the load is to be heavy for the server, and not to be waited for in this process.
        using ApiClient other = new(_api.Url);
        (await other.GetAsync("/healthz")).Ok();
        ConcurrentBag<(TimeSpan Asked, bool Won)> answers = [];
        TaskCompletionSource busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<TimeSpan> end = new();
        Stopwatch clock = Stopwatch.StartNew();
        Task load = Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, cancellation) =>
        {
            TimeSpan asked;
            do
            {
                cancellation.ThrowIfCancellationRequested();
                asked = clock.Elapsed;
                JsonNode answer = (await _api.PostAsync("/v1/decisions", Bodies.Decide(Bodies.NewId(), brand))).Ok().Json;
                answers.Add((asked, answer.List("placements/0/decisions").Count > 0));
                if (answers.Count == 20 * Connections)
                {
                    busy.SetResult();
                }
            }
            while (!end.Task.IsCompleted || asked < end.Task.Result);
        });
        await Task.WhenAny(busy.Task, load);
        (TimeSpan paused, TimeSpan told) = await Task.Factory.StartNew(
            () =>
            {
                TimeSpan sent = clock.Elapsed;
                other.PatchHere($"/v1/brands/{brand}/campaigns/one", new JsonObject { ["status"] = "paused" }).Ok();
                return (sent, clock.Elapsed);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        end.SetResult(paused + 2 * bound);
        await load;

        Assert.All(answers.Where(a => a.Won), a => Assert.True(a.Asked <= paused + bound && a.Asked <= told, $"asked {a.Asked}, paused {paused} to {told}"));
        Assert.True(answers.Count(a => a.Won) >= 19 * Connections && answers.Count(a => a.Asked > paused + bound) > Connections, $"{answers.Count} answers are too few to tell.");
    }

    private async Task<JsonNode[]> AtOnceAsync(Func<int, JsonObject> request)
    {
        JsonNode[] answers = new JsonNode[Connections];
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, _) =>
            answers[i] = (await _api.PostAsync("/v1/decisions", request(i))).Ok().Json);
        return answers;
    }
}
