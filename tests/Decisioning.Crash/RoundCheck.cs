using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Decisioning.Crash;

/// <summary>
/// After a restart: nothing acknowledged is missing, nothing is there that was not sent. Then everything is sent again, acknowledged or not: what was acknowledged
/// must be known, and now every count is exact.
/// </summary>
internal sealed class RoundCheck(HttpClient http, ConsumerLedger[] consumers, CatalogueLedger catalogue)
{
    private const int Batch = 500;
    private const int MostTries = 50;

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    /// <exception cref="CrashFailureException">Something is missing, or there twice.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await CheckCatalogueAsync(stop);
        foreach (ConsumerLedger consumer in consumers)
        {
            await CheckAsync(consumer, exact: false, stop);
        }

        foreach (SentEvent[] events in consumers.SelectMany(c => c.Events).Chunk(Batch))
        {
            await UntilTakenAsync(() => EventSender.SendAsync(http, events, again: true, stop), stop);
        }

        foreach (SentTracker tracker in consumers.SelectMany(c => c.Trackers.Values))
        {
            await UntilTakenAsync(() => TrackerCaller.CallAsync(http, tracker, stop), stop);
        }

        foreach (ConsumerLedger consumer in consumers)
        {
            await CheckAsync(consumer, exact: true, stop);
        }
    }

    private static async Task UntilTakenAsync(Func<Task<bool>> send, CancellationToken stop)
    {
        for (int tries = 0; !await send(); tries++)
        {
            if (tries == MostTries)
            {
                throw new CrashFailureException("the server stays too busy after its restart");
            }

            await Task.Delay(AskAgain, stop);
        }
    }

    private async Task CheckCatalogueAsync(CancellationToken stop)
    {
        JsonElement document = await http.GetFromJsonAsync<JsonElement>($"v1/brands/{CrashBrand.Id}", stop);
        Check($"the creative {CrashBrand.Creative}", document.GetProperty("creatives").GetProperty(CrashBrand.Creative), catalogue.Creative);
        Check($"the campaign {CrashBrand.Campaign}", document.GetProperty("campaigns").GetProperty(CrashBrand.Campaign), catalogue.Campaign);
    }

    private static void Check(string what, JsonElement member, StatusLedger ledger)
    {
        string status = member.TryGetProperty("status", out JsonElement named) ? named.GetString()! : "active";
        if (status != ledger.Acknowledged && status != ledger.UnderWay)
        {
            throw new CrashFailureException($"{what} is {status}; {ledger.Acknowledged} was acknowledged, {ledger.UnderWay ?? "nothing"} was under way");
        }

        (ledger.Acknowledged, ledger.UnderWay) = (status, null);
    }

    private async Task CheckAsync(ConsumerLedger consumer, bool exact, CancellationToken stop)
    {
        using HttpResponseMessage answer = await http.GetAsync($"v1/consumers/{consumer.Id}", stop);
        JsonElement? brand = null;
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            JsonElement view = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            brand = view.GetProperty("brands").TryGetProperty(CrashBrand.Id, out JsonElement found) ? found : null;
        }

        foreach (IGrouping<string, SentEvent> type in consumer.Events.GroupBy(e => e.Type, StringComparer.Ordinal))
        {
            Compare(consumer, type.Key, CountOf(brand, type.Key), type.Count(e => exact || e.Acknowledged), type.Count());
        }

        foreach (IGrouping<string, SentTracker> kind in consumer.Trackers.Values.GroupBy(t => t.Kind, StringComparer.Ordinal))
        {
            Compare(consumer, kind.Key, CountOf(brand, kind.Key), kind.Count(t => exact || t.Acknowledged), kind.Count());
        }

        CheckOrders(consumer, brand, exact);
    }

    private static void Compare(ConsumerLedger consumer, string what, long count, int least, int most)
    {
        if (count < least || count > most)
        {
            throw new CrashFailureException($"{consumer.Id} has {count} of {what}; {least} were acknowledged and {most} sent");
        }
    }

    private static long CountOf(JsonElement? brand, string type) =>
        brand is { } found && found.GetProperty("behaviours").TryGetProperty(type, out JsonElement behaviour) ? behaviour.GetProperty("count").GetInt64() : 0;

    private static void CheckOrders(ConsumerLedger consumer, JsonElement? brand, bool exact)
    {
        Dictionary<string, SentEvent> sent = consumer.Events.Where(e => e.IsPurchase).ToDictionary(e => e.OwnId!, StringComparer.Ordinal);
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (JsonElement order in brand is { } known ? known.GetProperty("orders").EnumerateArray() : default)
        {
            string id = order.GetProperty("orderId").GetString()!;
            if (!found.Add(id) || !sent.TryGetValue(id, out SentEvent? purchase) || order.GetProperty("value").GetInt64() != purchase.Value)
            {
                throw new CrashFailureException($"{consumer.Id} has an order that was not sent like this: {order}");
            }
        }

        if (sent.Values.FirstOrDefault(e => (exact || e.Acknowledged) && !found.Contains(e.OwnId!)) is { } missing)
        {
            throw new CrashFailureException($"{consumer.Id} lacks the order {missing.OwnId}");
        }
    }
}
