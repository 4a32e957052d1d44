using System.Globalization;
using System.Text.Json;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Replies.Pulse;

/// <summary>Writes consumer assets with the ledger's cuts and newest lines.</summary>
internal static class AssetsWriter
{
    public static void Write(Utf8JsonWriter json, AssetTotals assets)
    {
        json.WriteStartObject();
        json.WriteString("accountingDay", assets.AccountingDay?.ToString("O", CultureInfo.InvariantCulture));
        json.WriteMillionths("value", assets.ValueMicros);
        json.WriteStartArray("stages");
        foreach (StageAsset stage in assets.Stages)
        {
            json.WriteStartObject();
            json.WriteString("stage", Names.Of(stage.Stage));
            json.WriteNumber("consumers", stage.Consumers);
            json.WriteMillionths("unit", stage.UnitMicros);
            json.WriteMillionths("value", stage.ValueMicros);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteCut(json, "byCause", assets.ByCause);
        WriteCut(json, "byChannel", assets.ByChannel);
        WriteCut(json, "byCreative", assets.ByCreative);
        WriteLines(json, assets.Lines);
        json.WriteOptional("industryIndex", assets.IndustryIndex);
        json.WriteEndObject();
    }

    private static void WriteCut(Utf8JsonWriter json, string name, SubLedger[] parts)
    {
        json.WriteStartArray(name);
        foreach (SubLedger part in parts)
        {
            json.WriteStartObject();
            json.WriteString("name", part.Name);
            json.WriteMillionths("delta", part.DeltaMicros);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLines(Utf8JsonWriter json, AssetLine[] lines)
    {
        json.WriteStartArray("lines");
        foreach (AssetLine line in lines)
        {
            json.WriteStartObject();
            json.WriteInstant("at", line.At);
            json.WriteString("cause", line.Cause);
            json.WriteString("channel", line.Channel);
            json.WriteString("creative", line.Creative);
            json.WriteString("from", PulseFlows.NameOf(line.From));
            json.WriteString("to", PulseFlows.NameOf(line.To));
            json.WriteMillionths("delta", line.DeltaMicros);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
