using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Decisioning.Crash;

/// <summary>Sends events, and holds every answer against what may be answered.</summary>
internal static class EventSender
{
    /// <param name="again">False: none of them was ever sent before.</param>
    /// <returns>False where the server was too busy: nothing was done.</returns>
    /// <exception cref="CrashFailureException">An event was rejected, one sent first was called a duplicate, or an acknowledged one was taken a second time.</exception>
    public static async Task<bool> SendAsync(HttpClient http, IReadOnlyList<SentEvent> events, bool again, CancellationToken stop)
    {
        object body = new
        {
            events = events.Select(e => new
            {
                eventId = e.EventId,
                type = e.Type,
                consumerId = e.Consumer,
                brand = CrashBrand.Id,
                occurredAt = e.OccurredAt,
                item = e.IsPurchase ? null : e.OwnId,
                orderId = e.IsPurchase ? e.OwnId : null,
                value = e.Value,
                currency = e.IsPurchase ? "CNY" : null,
            }),
        };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("v1/events", body, Options, stop);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }

        JsonElement json = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new CrashFailureException($"events were answered with {(int)answer.StatusCode} {json}");
        }

        foreach ((SentEvent e, JsonElement result) in events.Zip(json.GetProperty("results").EnumerateArray()))
        {
            Take(e, result, again);
        }

        return true;
    }

    private static JsonSerializerOptions Options { get; } = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private static void Take(SentEvent e, JsonElement result, bool again)
    {
        string status = result.GetProperty("status").GetString()!;
        bool expected = status == "accepted" ? !e.Acknowledged : status == "duplicate" && again;
        if (!expected || result.GetProperty("eventId").GetString() != e.EventId)
        {
            throw new CrashFailureException(
                $"event {e.EventId} of {e.Consumer}, {(e.Acknowledged ? "acknowledged before" : again ? "sent before" : "never sent before")}, was answered with {result}");
        }

        e.Acknowledged = true;
    }
}
