using System.Text.Json;
using Decisioning.Api.Text;

namespace Decisioning.Api.Replies;

/// <summary>Values as every answer writes them.</summary>
internal static class JsonValues
{
    /// <summary>An instant as RFC 3339 in UTC with milliseconds, null as null.</summary>
    public static void WriteInstant(this Utf8JsonWriter json, JsonEncodedText name, long? instant)
    {
        if (instant is not { } value)
        {
            json.WriteNull(name);
            return;
        }

        Span<byte> text = stackalloc byte[Rfc3339.Length];
        Rfc3339.Format(value, text);
        json.WriteString(name, text);
    }

    /// <inheritdoc cref="WriteInstant(Utf8JsonWriter, JsonEncodedText, long?)"/>
    public static void WriteInstant(this Utf8JsonWriter json, string name, long? instant)
    {
        json.WritePropertyName(name);
        if (instant is not { } value)
        {
            json.WriteNullValue();
            return;
        }

        Span<byte> text = stackalloc byte[Rfc3339.Length];
        Rfc3339.Format(value, text);
        json.WriteStringValue(text);
    }

    /// <summary>An intent score, 0 to 100, to one decimal.</summary>
    public static void WriteIntent(this Utf8JsonWriter json, JsonEncodedText name, double intent) =>
        json.WriteNumber(name, Math.Round(intent, 1, MidpointRounding.AwayFromZero));

    /// <summary>A number, null as null.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <inheritdoc cref="WriteOptional(Utf8JsonWriter, string, double?)"/>
    public static void WriteOptional(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>What is counted in millionths (credits, conversions, assets; never money) as a number of units, exactly.</summary>
    public static void WriteMillionths(this Utf8JsonWriter json, string name, long millionths) => json.WriteNumber(name, Millionths.ToUnits(millionths));
}
