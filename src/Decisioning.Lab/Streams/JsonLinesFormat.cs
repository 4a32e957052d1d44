using System.Text;
using System.Text.Json;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Streams;

/// <summary>
/// JSON Lines: each line one event as <c>POST /v1/events</c> takes it, but <c>eventId</c> may be left out (it is then made from the line) and so may
/// <c>brand</c> (the replay's) and <c>currency</c> (the brand's). Unknown members are passed over, empty lines too.
/// </summary>
public sealed class JsonLinesFormat : IEventFormat
{
    public const string Name = "jsonl";

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    public StreamEvent? Read(ReadOnlySpan<byte> line, long number, out LineFault? fault)
    {
        fault = null;
        if (line.TrimStart(" \t"u8).IsEmpty)
        {
            return null;
        }

        var draft = new JsonEventDraft();
        var json = new Utf8JsonReader(line, Options);
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                fault = new LineFault((int)json.TokenStartIndex, "A line must be one JSON object.");
                return null;
            }

            fault = ReadMembers(ref json, ref draft);
            if (fault is null && json.Read())
            {
                fault = new LineFault((int)json.TokenStartIndex, "More follows after the object.");
            }
        }
        catch (JsonException e)
        {
            fault = new LineFault((int)Math.Min(e.BytePositionInLine ?? 0, line.Length), $"Not JSON: {FirstSentence(e.Message)}");
        }
        catch (InvalidOperationException)
        {
            fault = Fault(json, "The text holds half of a surrogate pair.");
        }

        fault ??= draft.Missing();
        return fault is null ? draft.ToEvent(number, line) : null;
    }

    private static LineFault? ReadMembers(ref Utf8JsonReader json, ref JsonEventDraft draft)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            if (json.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            LineFault? fault = name switch
            {
                "eventId" => ReadId(ref json, name, ref draft.EventId),
                "type" => ReadType(ref json, ref draft.Type),
                "consumerId" => ReadId(ref json, name, ref draft.ConsumerId),
                "brand" => ReadId(ref json, name, ref draft.Brand),
                "occurredAt" => ReadInstant(ref json, ref draft.OccurredAt),
                "item" => ReadId(ref json, name, ref draft.Item),
                "value" => ReadWhole(ref json, name, 0, EventRules.MaxValueMicros, ref draft.Value),
                "currency" => ReadId(ref json, name, ref draft.Currency),
                "channel" => ReadId(ref json, name, ref draft.Channel),
                "rating" => ReadWhole(ref json, name, 1, 5, ref draft.Rating),
                "orderId" => ReadId(ref json, name, ref draft.OrderId),
                "decisionId" => ReadText(ref json, name, ref draft.DecisionId),
                "creative" => ReadId(ref json, name, ref draft.Creative),
                _ => Skip(ref json),
            };
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private static LineFault? Skip(ref Utf8JsonReader json)
    {
        json.Skip();
        return null;
    }

    private static LineFault? ReadText(ref Utf8JsonReader json, string name, ref string? value)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            return Fault(json, $"{name} must be text.");
        }

        value = json.GetString();
        return null;
    }

    private static LineFault? ReadId(ref Utf8JsonReader json, string name, ref string? value) =>
        ReadText(ref json, name, ref value)
        ?? (EventRules.IsId(value!) ? null : Fault(json, $"{name} must be 1 to {EventRules.MaxIdBytes} bytes long."));

    private static LineFault? ReadType(ref Utf8JsonReader json, ref EventType? value)
    {
        string? name = null;
        if (ReadText(ref json, "type", ref name) is { } fault)
        {
            return fault;
        }

        if (!Names.TryParse(name!, out EventType type))
        {
            return Fault(json, $"There is no event type '{name}'.");
        }

        value = type;
        return null;
    }

    private static LineFault? ReadInstant(ref Utf8JsonReader json, ref long? value)
    {
        bool offsetGiven = json.TokenType == JsonTokenType.String && (json.ValueSpan is [.., (byte)'Z' or (byte)'z'] || json.ValueSpan is [.., (byte)'+' or (byte)'-', _, _, (byte)':', _, _]);
        if (!offsetGiven || !json.TryGetDateTimeOffset(out DateTimeOffset instant) || instant.ToUnixTimeMilliseconds() < 0)
        {
            return Fault(json, "occurredAt must be an RFC 3339 time with its offset, such as 2026-11-10T20:15:00Z, not before 1970.");
        }

        value = instant.ToUnixTimeMilliseconds();
        return null;
    }

    private static LineFault? ReadWhole(ref Utf8JsonReader json, string name, long min, long max, ref long? value)
    {
        if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < min || number > max)
        {
            return Fault(json, $"{name} must be a whole number from {min} to {max}.");
        }

        value = number;
        return null;
    }

    private static LineFault Fault(in Utf8JsonReader json, string detail) => new((int)json.TokenStartIndex, detail);

    // What follows is the position, which is told in our own way.
    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
