using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Decisioning.Crash;

namespace Decisioning.Faults;

/// <summary>Callers that send events, ask for decisions and call trackers, each one call at a time, until they are told to end. What fails stays unacknowledged.</summary>
/// <param name="http">Over the ingress.</param>
/// <param name="ingress">To say whom a call is about.</param>
/// <param name="crowd">For the brand without caps.</param>
/// <param name="capped">For the brand with caps.</param>
/// <param name="seed">What is sent follows from it.</param>
/// <param name="name">Begins the ids of events and requests.</param>
internal sealed class FaultLoad(HttpClient http, Ingress ingress, ConsumerLedger[] crowd, CappedConsumer[] capped, int seed, string name)
{
    private const int MostEvents = 12;

    private static readonly string[] Types = ["view", "content_engage", "shop_visit", "brand_search", "coupon_claim", "search", "cart", "purchase"];

    private int _ids;
    private volatile bool _over;

    /// <summary>Requests for a decision of the brand without caps.</summary>
    public int Requests => _requests;

    private int _requests;

    public void End() => _over = true;

    /// <exception cref="CrashFailureException">A silo answered what it must not.</exception>
    public Task RunAsync(int workers, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, workers).Select(w => Task.Run(() => WorkAsync(new Random(unchecked((seed * 1_000_003) + w)), stop), stop)));

    private async Task WorkAsync(Random random, CancellationToken stop)
    {
        while (!_over)
        {
            try
            {
                await StepAsync(random, stop);
            }
            catch (HttpRequestException)
            {
                // Counted by the ingress; whether it was done is not known.
            }
        }
    }

    private Task StepAsync(Random random, CancellationToken stop)
    {
        int kind = random.Next(10);
        if (kind >= 8)
        {
            CappedConsumer consumer = capped[random.Next(capped.Length)];
            Say(random, consumer.Id);
            return consumer.ShowAsync(http, stop);
        }

        ConsumerLedger of = crowd[random.Next(crowd.Length)];
        Say(random, of.Id);
        return kind < 4 ? SendEventsAsync(of, random, stop) : kind < 6 ? DecideAsync(of, stop) : TrackerCaller.CallAnyAsync(http, of, random, stop);
    }

    // One in ten does not say whom it is about, and lands anywhere.
    private void Say(Random random, string consumer) => ingress.Consumer = random.Next(10) == 0 ? null : consumer;

    private Task SendEventsAsync(ConsumerLedger consumer, Random random, CancellationToken stop)
    {
        List<SentEvent> events = [.. Enumerable.Range(0, random.Next(1, MostEvents)).Select(_ => NewEvent(consumer, random))];
        // The ingress may send it again to another silo: a duplicate is right even at its first time.
        return EventSender.SendAsync(http, events, again: true, stop);
    }

    private SentEvent NewEvent(ConsumerLedger consumer, Random random)
    {
        string type = Types[random.Next(Types.Length)];
        lock (consumer)
        {
            if (type is "cart" or "purchase" && consumer.Events.Count(e => e.Type == type) >= ConsumerLedger.MostOwned)
            {
                type = "view";
            }

            string id = $"{name}-e{Interlocked.Increment(ref _ids)}";
            SentEvent sent = new()
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

        Interlocked.Increment(ref _requests);
        if (await AskAsync(http, CrashBrand.Id, consumer.Id, $"{name}-q{Interlocked.Increment(ref _ids)}", stop) is { } decision)
        {
            lock (consumer)
            {
                consumer.Decisions.Add((decision.GetProperty("decisionId").GetString()!, new Dictionary<string, string>
                {
                    ["impression"] = PathOf(decision, "impressionUrl"),
                    ["viewable"] = PathOf(decision, "viewableUrl"),
                    ["click"] = PathOf(decision, "clickUrl"),
                }));
            }
        }
    }

    /// <summary>Asks for one decision; null where there was none, or the silos were too busy.</summary>
    public static async Task<JsonElement?> AskAsync(HttpClient http, string brand, string consumer, string request, CancellationToken stop)
    {
        object body = new { requestId = request, consumer = new { id = consumer, consent = true }, placements = new[] { new { id = "p" } }, brands = new[] { brand } };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("v1/decisions", body, stop);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }

        JsonElement json = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new CrashFailureException($"a decision for {consumer} was answered with {(int)answer.StatusCode} {json}");
        }

        JsonElement decisions = json.GetProperty("placements")[0].GetProperty("decisions");
        return decisions.GetArrayLength() == 1 ? decisions[0] : null;
    }

    public static string PathOf(JsonElement decision, string member) => new Uri(decision.GetProperty(member).GetString()!).AbsolutePath[1..];
}
