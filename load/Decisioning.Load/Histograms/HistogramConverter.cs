using System.Text.Json;
using System.Text.Json.Serialization;

namespace Decisioning.Load.Histograms;

/// <summary>A histogram in JSON: <c>count</c>, <c>mean</c>, <c>deviation</c> and <c>max</c> in µs, and <c>places</c>, in which each place with a count is followed by the count.</summary>
internal sealed class HistogramConverter : JsonConverter<LatencyHistogram>
{
    public override void Write(Utf8JsonWriter writer, LatencyHistogram value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("count", value.Count);
        writer.WriteNumber("mean", value.Mean);
        writer.WriteNumber("deviation", value.Deviation);
        writer.WriteNumber("max", value.Max);
        writer.WriteStartArray("places");
        foreach ((int place, long count) in value.Places())
        {
            writer.WriteNumberValue(place);
            writer.WriteNumberValue(count);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">It is no histogram.</exception>
    public override LatencyHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            JsonElement root = document.RootElement;
            long[] places = [.. root.GetProperty("places").EnumerateArray().Select(e => e.GetInt64())];
            var read = LatencyHistogram.Of(
                places.Chunk(2).Select(pair => (checked((int)pair[0]), pair[1])),
                root.GetProperty("mean").GetDouble(), root.GetProperty("deviation").GetDouble(), root.GetProperty("max").GetInt64());
            return read.Count == root.GetProperty("count").GetInt64() ? read : throw new InvalidDataException("Its counts do not add up.");
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new JsonException($"This is no histogram: {fault.Message}", fault);
        }
    }
}
