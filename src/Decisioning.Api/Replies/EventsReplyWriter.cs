using System.Text.Json;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Api.Replies;

/// <summary>Writes what became of each event of a batch.</summary>
internal static class EventsReplyWriter
{
    private static readonly JsonEncodedText Accepted = JsonEncodedText.Encode("accepted");
    private static readonly JsonEncodedText Duplicates = JsonEncodedText.Encode("duplicates");
    private static readonly JsonEncodedText Rejected = JsonEncodedText.Encode("rejected");
    private static readonly JsonEncodedText Results = JsonEncodedText.Encode("results");
    private static readonly JsonEncodedText EventId = JsonEncodedText.Encode("eventId");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
    private static readonly JsonEncodedText Detail = JsonEncodedText.Encode("detail");
    private static readonly JsonEncodedText[] Statuses =
        [JsonEncodedText.Encode("accepted"), JsonEncodedText.Encode("duplicate"), JsonEncodedText.Encode("rejected")];

    public static void Write(Utf8JsonWriter json, EventResult[] results)
    {
        json.WriteStartObject();
        WriteMembers(json, results);
        json.WriteEndObject();
    }

    public static void WriteMembers(Utf8JsonWriter json, EventResult[] results)
    {
        Span<int> counts = stackalloc int[3];
        foreach (ref readonly EventResult result in results.AsSpan())
        {
            counts[(int)result.Status]++;
        }

        json.WriteNumber(Accepted, counts[(int)EventStatus.Accepted]);
        json.WriteNumber(Duplicates, counts[(int)EventStatus.Duplicate]);
        json.WriteNumber(Rejected, counts[(int)EventStatus.Rejected]);
        json.WriteStartArray(Results);
        foreach (ref readonly EventResult result in results.AsSpan())
        {
            json.WriteStartObject();
            json.WriteString(EventId, result.EventId);
            json.WriteString(Status, Statuses[(int)result.Status]);
            if (result.Status == EventStatus.Rejected)
            {
                json.WriteString(Code, result.Code);
                json.WriteString(Detail, result.Detail);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
