using System.Buffers;
using System.Text.Json;
using Decisioning.Core.Catalogue;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Replay;

/// <summary>Writes the bodies of a replay's requests.</summary>
internal static class ServerRequests
{
    /// <param name="brand">For events that name none.</param>
    /// <param name="currency">Of that brand, for values that name none.</param>
    /// <param name="shift">Added to every instant, ms.</param>
    public static ReadOnlyMemory<byte> Events(IEnumerable<StreamEvent> events, string brand, string currency, long shift) => Write(json =>
    {
        json.WriteStartArray("events");
        foreach (StreamEvent e in events)
        {
            json.WriteStartObject();
            json.WriteString("eventId", e.EventId);
            json.WriteString("type", Names.Of(e.Type));
            json.WriteString("consumerId", e.ConsumerId);
            json.WriteString("brand", e.Brand ?? brand);
            json.WriteString("occurredAt", DateTimeOffset.FromUnixTimeMilliseconds(e.OccurredAt + shift).UtcDateTime);
            WriteText(json, "item", e.Item);
            if (e.Value is { } value)
            {
                json.WriteNumber("value", value);
            }

            WriteText(json, "currency", e.Value is null ? e.Currency : e.Currency ?? currency);
            WriteText(json, "channel", e.Channel);
            if (e.Rating is { } rating)
            {
                json.WriteNumber("rating", rating);
            }

            WriteText(json, "orderId", e.OrderId);
            WriteText(json, "decisionId", e.DecisionId);
            WriteText(json, "creative", e.Creative);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static ReadOnlyMemory<byte> Decision(string consumer, string brand) => Write(json =>
    {
        json.WriteStartObject("consumer");
        json.WriteString("id", consumer);
        json.WriteBoolean("consent", true);
        json.WriteEndObject();
        json.WriteStartArray("placements");
        json.WriteStartObject();
        json.WriteString("id", ReplayScene.Placement);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("brands");
        json.WriteStringValue(brand);
        json.WriteEndArray();
    });

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }
}
