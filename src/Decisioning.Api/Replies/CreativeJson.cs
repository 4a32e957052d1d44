using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Replies;

/// <summary>The part of an answer that is the same for every decision of a creative, made once for as long as the creative's snapshot lives.</summary>
internal static class CreativeJson
{
    private static readonly ConditionalWeakTable<CreativeSnapshot, byte[]> Made = [];

    /// <summary>The creative as a JSON object in UTF-8.</summary>
    public static byte[] Of(CreativeSnapshot creative) => Made.TryGetValue(creative, out byte[]? json) ? json : Made.GetValue(creative, Make);

    private static byte[] Make(CreativeSnapshot creative)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("id", creative.Id);
        json.WriteString("format", Names.Of(creative.Format));
        json.WriteString("url", creative.Url);
        json.WriteString("landing", creative.Landing);
        json.WriteString("appLink", creative.AppLink);
        json.WriteStartObject("trackers");
        foreach ((string interaction, string[] urls) in creative.Trackers.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            json.WriteStartArray(interaction);
            foreach (string url in urls)
            {
                json.WriteStringValue(url);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
