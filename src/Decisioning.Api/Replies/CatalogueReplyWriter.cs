using System.Text.Json;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;

namespace Decisioning.Api.Replies;

/// <summary>Writes what the catalogue's endpoints answer.</summary>
internal static class CatalogueReplyWriter
{
    /// <summary><c>{ "version", "warnings"? }</c></summary>
    public static void WriteChange(Utf8JsonWriter json, CatalogueChange change)
    {
        json.WriteStartObject();
        json.WriteString("version", change.Version);
        if (change.Warnings.Count > 0)
        {
            ProblemReply.WriteFaults(json, "warnings", change.Warnings);
        }

        json.WriteEndObject();
    }

    /// <summary><c>{ "brands": [ { "id", "name", "version" } ] }</c></summary>
    public static void WriteBrands(Utf8JsonWriter json, BrandSnapshot[] brands)
    {
        json.WriteStartObject();
        json.WriteStartArray("brands");
        foreach (BrandSnapshot brand in brands)
        {
            json.WriteStartObject();
            json.WriteString("id", brand.Id);
            json.WriteString("name", brand.Name);
            json.WriteString("version", brand.Version);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary><c>[ { "at", "key", "action", "path", "before", "after" } ]</c></summary>
    public static void WriteAudit(Utf8JsonWriter json, IReadOnlyList<AuditEntry> entries)
    {
        json.WriteStartArray();
        foreach (AuditEntry entry in entries)
        {
            json.WriteStartObject();
            json.WriteInstant("at", entry.At);
            json.WriteString("key", entry.Key);
            json.WriteString("action", entry.Action);
            json.WriteString("path", entry.Path);
            json.WriteString("before", entry.Before);
            json.WriteString("after", entry.After);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary><c>{ "consumer", "erasedAt", "brands", "tombstoneUntil" }</c></summary>
    public static void WriteReceipt(Utf8JsonWriter json, ErasureReceipt receipt)
    {
        json.WriteStartObject();
        json.WriteString("consumer", receipt.Consumer);
        json.WriteInstant("erasedAt", receipt.ErasedAt);
        json.WriteStartArray("brands");
        foreach (string brand in receipt.Brands)
        {
            json.WriteStringValue(brand);
        }

        json.WriteEndArray();
        json.WriteInstant("tombstoneUntil", receipt.TombstoneUntil);
        json.WriteEndObject();
    }
}
