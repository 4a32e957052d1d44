using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>A budget under 64 connections and <c>kill -9</c>: never overspent, and spent to the last whole impression.</summary>
public sealed class BudgetTests : IAsyncLifetime
{
    private const int Connections = 64;
    private const int Impressions = 150;
    private const int KilledAfter = 60;

    private readonly ConcurrentBag<string> _asked = [];
    private TestServer? _server;
    private string _brand = "";

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync("--no-demo");
        JsonObject document = Brands.Plain();
        document["rules"]!["reserve"] = "6s";
        document["campaigns"]!["one"]!["price"] = JsonNode.Parse("""{ "model": "cpm", "amount": "1000.00" }""");
        document["campaigns"]!["one"]!["budget"] = new JsonObject { ["total"] = $"{Impressions}.50", ["pacing"] = "asap" };
        _brand = await Server.Api.PutNewAsync(document);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Reservations_alone_never_exceed_it()
    {
        int[] served = new int[4 * Impressions];
        await Parallel.ForAsync(0, served.Length, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, _) =>
            served[i] = (await AskAsync(Bodies.NewId())).At("placements/0/decisions/0") is null ? 0 : 1);
        Assert.InRange(served.Sum(), 1, Impressions);
    }

    [Fact]
    public async Task It_is_spent_to_the_last_impression_and_not_beyond_it_over_a_kill()
    {
        await SpendUntilKilledAsync();
        await Server.StartAgainAsync();
        Assert.InRange(await BilledAsync(), KilledAfter, Impressions);
        await SpendAllAsync();
        Assert.Equal(Impressions, await BilledAsync());

        await Server.KillAndStartAgainAsync();
        Assert.Equal("budget", (await AskAsync(Bodies.NewId())).Text("placements/0/noDecision/reason"));
    }

    // Every third decision is left lying: what it holds must come back.
    private async Task SpendUntilKilledAsync()
    {
        int confirmed = 0;
        using CancellationTokenSource killed = new();
        Task[] callers = [.. Enumerable.Range(0, Connections).Select(async caller =>
        {
            for (int turn = caller; !killed.IsCancellationRequested; turn++)
            {
                try
                {
                    JsonNode? decision = (await AskAsync(Bodies.NewId())).At("placements/0/decisions/0");
                    if (decision is not null && turn % 3 != 0)
                    {
                        (await Server.Api.GetAsync(decision.Text("impressionUrl")!)).Ok();
                        if (Interlocked.Increment(ref confirmed) == KilledAfter)
                        {
                            await Server.KillAsync();
                            await killed.CancelAsync();
                        }
                    }
                }
                catch (HttpRequestException) when (confirmed >= KilledAfter)
                {
                    return;
                }
            }
        })];
        await Task.WhenAll(callers);
    }

    // Asks on until nothing is left: what others hold is waited for as long as the server says.
    private async Task SpendAllAsync()
    {
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (_, cancellation) =>
        {
            while (true)
            {
                JsonNode answer = await AskAsync(Bodies.NewId());
                if (answer.At("placements/0/decisions/0") is { } decision)
                {
                    (await Server.Api.GetAsync(decision.Text("impressionUrl")!)).Ok();
                    continue;
                }

                Assert.Equal("budget", answer.Text("placements/0/noDecision/reason"));
                if (answer.At("placements/0/noDecision/retryAfter") is null)
                {
                    return;
                }

                TimeSpan wait = answer.Instant("placements/0/noDecision/retryAfter") - DateTimeOffset.UtcNow;
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellation);
            }
        });
    }

    private async Task<JsonNode> AskAsync(string consumer)
    {
        _asked.Add(consumer);
        return (await Server.Api.PostAsync("/v1/decisions", Bodies.Decide(consumer, _brand))).Ok().Json;
    }

    // Impressions that came while they were held; a late one is not billed.
    private async Task<int> BilledAsync()
    {
        int billed = 0;
        await Parallel.ForEachAsync(_asked, async (consumer, _) =>
        {
            Answer answer = await Server.Api.GetAsync($"/v1/consumers/{consumer}");
            JsonNode? exposure = (int)answer.Status == 404 ? null : answer.Ok().Json.At($"brands/{_brand}/exposures/0");
            if (exposure.Text("state") == "confirmed" && !exposure.At("late")!.GetValue<bool>())
            {
                Interlocked.Increment(ref billed);
            }
        });
        return billed;
    }
}
