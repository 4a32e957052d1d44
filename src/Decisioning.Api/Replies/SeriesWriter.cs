using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Decisioning.Api.Text;
using Decisioning.Core.Hosting;

namespace Decisioning.Api.Replies;

/// <summary>Writes a series as JSON or as CSV (RFC 4180). Money is in micros; what the engine keeps in millionths of anything else is shown in units.</summary>
internal static class SeriesWriter
{
    private static readonly string[] InMillionths = ["conversions", "credits", "organic", "assets_delta"];

    /// <summary><c>{ "metric", "by", "points": [ { "at", "value" } ] }</c></summary>
    public static void WriteJson(Utf8JsonWriter json, Series series)
    {
        bool millionths = InMillionths.Contains(series.Metric);
        json.WriteStartObject();
        json.WriteString("metric", series.Metric);
        json.WriteString("by", series.ByDay ? "day" : "hour");
        json.WriteStartArray("points");
        foreach (SeriesPoint point in series.Points)
        {
            json.WriteStartObject();
            json.WriteInstant("at", point.At);
            json.WriteNumber("value", millionths ? Millionths.ToUnits(point.Value) : point.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A head and one line a point.</summary>
    public static ReadOnlyMemory<byte> ToCsv(Series series)
    {
        const int LineBytes = 48;
        bool millionths = InMillionths.Contains(series.Metric);
        ArrayBufferWriter<byte> text = new((series.Points.Length + 1) * LineBytes);
        text.Write("at,value\r\n"u8);
        foreach (SeriesPoint point in series.Points)
        {
            Rfc3339.Format(point.At, text.GetSpan(Rfc3339.Length));
            text.Advance(Rfc3339.Length);
            decimal value = millionths ? Millionths.ToUnits(point.Value) : point.Value;
            text.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",{value}\r\n")));
        }

        return text.WrittenMemory;
    }
}
