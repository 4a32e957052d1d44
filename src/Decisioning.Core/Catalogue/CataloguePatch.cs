using System.Text;
using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue;

/// <summary>Changes a brand's document in place: every byte but those of the change stays as its author wrote it.</summary>
public static class CataloguePatch
{
    /// <summary>The document with the <c>status</c> of one campaign or creative set.</summary>
    /// <param name="document">A document that compiles.</param>
    /// <param name="kind">Campaign or creative.</param>
    /// <param name="id">The entry's id.</param>
    /// <param name="paused">True: <c>paused</c>; false: <c>active</c>.</param>
    /// <returns>Null where the document has no such entry or cannot be read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is neither campaign nor creative.</exception>
    public static byte[]? SetStatus(ReadOnlyMemory<byte> document, SymbolKind kind, string id, bool paused)
    {
        string map = kind switch
        {
            SymbolKind.Campaign => "campaigns",
            SymbolKind.Creative => "creatives",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only campaigns and creatives have a status to set."),
        };
        FaultList faults = new();
        if (NodeReader.Read(document.Span, faults) is not { } root ||
            !root.Members.TryGetValue(map, out Node? entries) ||
            !entries.Members.TryGetValue(id, out Node? entry) ||
            entry.Kind != NodeKind.Object)
        {
            return null;
        }

        ReadOnlySpan<byte> value = paused ? "\"paused\""u8 : "\"active\""u8;
        if (entry.Members.TryGetValue("status", out Node? status))
        {
            return [.. document.Span[..status.Start], .. value, .. document.Span[status.End..]];
        }

        return Insert(document.Span, entry, [.. "\"status\": "u8, .. value]);
    }

    /// <summary>The document with the time zone and the currency that stand stated in it, where it leaves them out and they are not the usual ones.</summary>
    internal static ReadOnlyMemory<byte> StateFixed(ReadOnlyMemory<byte> document, Node root, BrandSnapshot brand)
    {
        (string Name, string Stands, string Usual)[] fixedMembers =
        [
            ("timeZone", brand.Calendar.Zone.Id, CatalogueCompiler.DefaultTimeZone), ("currency", brand.Currency, CatalogueCompiler.DefaultCurrency),
        ];
        string missing = string.Join(
            ", ", fixedMembers.Where(f => f.Stands != f.Usual && !root.Members.ContainsKey(f.Name)).Select(f => $"\"{f.Name}\": \"{f.Stands}\""));
        return missing.Length == 0 ? document : Insert(document.Span, root, Encoding.UTF8.GetBytes(missing));
    }

    private static byte[] Insert(ReadOnlySpan<byte> document, Node owner, ReadOnlySpan<byte> members)
    {
        int inside = owner.Start + 1;
        ReadOnlySpan<byte> after = owner.Members.Count > 0 ? ","u8 : default;
        return [.. document[..inside], .. " "u8, .. members, .. after, .. document[inside..]];
    }
}
