using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Decisioning.Crash;

/// <summary>
/// One round's load: several connections that send events, ask for decisions, call trackers and change the catalogue, until the server is gone. What each
/// does comes from the seed; how far it gets does not.
/// </summary>
/// <param name="answers">Answers after which <see cref="Underway"/> completes.</param>
internal sealed class RoundLoad(HttpClient http, ConsumerLedger[] consumers, CatalogueLedger catalogue, int seed, int round, int answers)
{
    private const int Workers = 4;
    private const int MostEvents = 40;

    private static readonly string[] Types = ["view", "content_engage", "shop_visit", "brand_search", "coupon_claim", "search", "cart", "purchase"];

    private readonly TaskCompletionSource _underway = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _events;
    private int _requests;
    private int _answers;
    private volatile bool _over;

    /// <summary>Completes once the server has given so many answers.</summary>
    public Task Underway => _underway.Task;

    public long Decisions { get; private set; }

    /// <summary>Requests for a decision that were sent, each once and again.</summary>
    public int Requests => _requests;

    public long Patches { get; private set; }

    /// <summary>Tells the load that the server is being killed: from now on an answer may fail to come.</summary>
    public void End() => _over = true;

    /// <summary>Runs until <see cref="End"/>, or until the server no longer answers.</summary>
    /// <exception cref="CrashFailureException">The server answered what it must not.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        Task[] workers = [.. Enumerable.Range(0, Workers).Select(w => WorkAsync(Mixed(w), stop)), PatchAsync(Mixed(Workers), stop)];
        await Task.WhenAll(workers);
    }

    private Random Mixed(int worker) => new(HashOf(seed, round, worker));

    // HashCode is seeded anew in each process.
    private static int HashOf(int a, int b, int c) => unchecked(((a * 1_000_003) ^ b) * 1_000_003 ^ c);

    private async Task WorkAsync(Random random, CancellationToken stop)
    {
        try
        {
            while (!_over)
            {
                ConsumerLedger consumer = consumers[random.Next(consumers.Length)];
                await (random.Next(10) switch
                {
                    < 4 => SendEventsAsync(random, stop),
                    < 7 => DecideAsync(consumer, stop),
                    _ => TrackerCaller.CallAnyAsync(http, consumer, random, stop),
                });
                if (Interlocked.Increment(ref _answers) == answers)
                {
                    _underway.TrySetResult();
                }
            }
        }
        catch (Exception gone) when (_over && gone is HttpRequestException or IOException or TaskCanceledException)
        {
            // Killed under way: what was sent stays unacknowledged.
        }
    }

    private async Task SendEventsAsync(Random random, CancellationToken stop)
    {
        List<SentEvent> events = [.. Enumerable.Range(0, random.Next(1, MostEvents)).Select(_ => NewEvent(random))];
        await EventSender.SendAsync(http, events, again: false, stop);
    }

    private SentEvent NewEvent(Random random)
    {
        ConsumerLedger consumer = consumers[random.Next(consumers.Length)];
        string type = Types[random.Next(Types.Length)];
        lock (consumer)
        {
            if (type is "cart" or "purchase" && consumer.Events.Count(e => e.Type == type) >= ConsumerLedger.MostOwned)
            {
                type = "view";
            }

            string id = $"r{round}-e{Interlocked.Increment(ref _events)}";
            var sent = new SentEvent
            {
                EventId = id,
                Type = type,
                Consumer = consumer.Id,
                OccurredAt = DateTime.UtcNow.AddSeconds(-random.Next(3_600)),
                OwnId = type is "cart" or "purchase" ? id : null,
            };
            consumer.Events.Add(sent);
            return sent;
        }
    }

    private async Task DecideAsync(ConsumerLedger consumer, CancellationToken stop)
    {
        lock (consumer)
        {
            if (++consumer.DecisionsAsked > ConsumerLedger.MostDecisions)
            {
                return;
            }
        }

        string request = $"r{round}-q{Interlocked.Increment(ref _requests)}";
        JsonElement? first = await AskAsync(consumer, request, stop);
        JsonElement? repeated = await AskAsync(consumer, request, stop);
        if (first is not { } decision || repeated is not { } again)
        {
            return;
        }

        string creative = CreativeOf(decision);
        if (creative != CreativeOf(again))
        {
            throw new CrashFailureException($"request {request} of {consumer.Id} was answered with {creative} and then with {CreativeOf(again)}");
        }

        lock (consumer)
        {
            consumer.Decisions.Add((decision.GetProperty("decisionId").GetString()!, PathsOf(decision)));
            Decisions++;
        }
    }

    /// <summary>The one decision of the answer; null where the server was too busy.</summary>
    private async Task<JsonElement?> AskAsync(ConsumerLedger consumer, string request, CancellationToken stop)
    {
        object body = new { requestId = request, consumer = new { id = consumer.Id, consent = true }, placements = new[] { new { id = "p" } }, brands = new[] { CrashBrand.Id } };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("v1/decisions", body, stop);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }

        JsonElement json = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        return answer.StatusCode == HttpStatusCode.OK && json.GetProperty("placements")[0].GetProperty("decisions") is var decisions && decisions.GetArrayLength() == 1
            ? decisions[0]
            : throw new CrashFailureException($"a decision for {consumer.Id} was answered with {(int)answer.StatusCode} {json}");
    }

    private static string CreativeOf(JsonElement decision) => decision.GetProperty("creative").GetProperty("id").GetString()!;

    private static Dictionary<string, string> PathsOf(JsonElement decision) => new()
    {
        ["impression"] = PathOf(decision, "impressionUrl"),
        ["viewable"] = PathOf(decision, "viewableUrl"),
        ["click"] = PathOf(decision, "clickUrl"),
        ["watched"] = PathOf(decision, "eventUrl") + "?k=watched",
    };

    private static string PathOf(JsonElement decision, string member) => new Uri(decision.GetProperty(member).GetString()!).AbsolutePath[1..];

    private async Task PatchAsync(Random random, CancellationToken stop)
    {
        try
        {
            while (!_over)
            {
                await Task.Delay(random.Next(5, 40), stop);
                (string path, StatusLedger ledger) = random.Next(2) == 0
                    ? ($"creatives/{CrashBrand.Creative}", catalogue.Creative) : ($"campaigns/{CrashBrand.Campaign}", catalogue.Campaign);
                ledger.UnderWay = random.Next(2) == 0 ? StatusLedger.Paused : "active";
                using HttpResponseMessage answer = await http.PatchAsJsonAsync($"v1/brands/{CrashBrand.Id}/{path}", new { status = ledger.UnderWay }, stop);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    throw new CrashFailureException($"a catalogue change was answered with {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
                }

                (ledger.Acknowledged, ledger.UnderWay) = (ledger.UnderWay, null);
                Patches++;
            }
        }
        catch (Exception gone) when (_over && gone is HttpRequestException or IOException or TaskCanceledException)
        {
            // Killed under way: the change may or may not have been taken.
        }
    }
}
