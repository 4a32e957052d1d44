using System.Collections.Frozen;
using System.Globalization;
using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Compiles one entry of <c>creatives</c>.</summary>
internal sealed class CreativeCompiler(FieldReader fields, BrandSymbols symbols)
{
    private const string Fluid = "fluid";
    private const int MaxSide = 16_384;

    public static readonly string[] Known = ["like", "format", "size", "seconds", "url", "landing", "appLink", "trackers", "caps", "status"];

    public CreativeSnapshot Compile(Entry entry)
    {
        ObjectView creative = entry.View;
        fields.CheckMembers(creative.Node, Known);
        return new CreativeSnapshot
        {
            Id = entry.Id,
            Symbol = symbols.Find(SymbolKind.Creative, entry.Id),
            Format = (CreativeFormat)(fields.Choice(fields.Require(creative, "format", string.Join(", ", Names.AllFormats)), Names.AllFormats) ?? 0),
            Size = Size(creative.Find("size")) ?? Fluid,
            Seconds = (int?)fields.Integer(creative.Find("seconds"), 1, CatalogueBounds.VideoSeconds),
            Url = fields.HttpUrl(fields.Require(creative, "url", "where the creative is loaded from")) ?? "",
            Landing = fields.HttpUrl(creative.Find("landing")),
            AppLink = fields.AppLink(creative.Find("appLink")),
            Trackers = Trackers(creative.Find("trackers")),
            Caps = fields.Caps(creative.Find("caps")),
            Paused = fields.IsPaused(creative),
        };
    }

    private string? Size(Node? node)
    {
        if (node is null || !fields.IsText(node))
        {
            return null;
        }

        if (node.Text != Fluid && !(node.Text.Split('x') is [string width, string height] && IsSide(width) && IsSide(height)))
        {
            fields.Faults.Add(
                node, FaultCodes.BadSize, $"{Quote.Of(node.Text)} is no size: write WIDTHxHEIGHT in pixels, 1 to {MaxSide} each, like 640x360, or fluid.");
            return null;
        }

        return node.Text;
    }

    // No leading zeros: sizes are compared as text.
    private static bool IsSide(string text) =>
        text is [not '0', ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is >= 1 and <= MaxSide;

    private FrozenDictionary<string, string[]> Trackers(Node? node)
    {
        if (fields.Object(node, VocabularyFields.InteractionNames) is not { } trackers)
        {
            return FrozenDictionary<string, string[]>.Empty;
        }

        return trackers.Members.ToFrozenDictionary(
            t => t.Key, t => fields.Items(t.Value).Select(fields.HttpUrl).OfType<string>().ToArray(), StringComparer.Ordinal);
    }
}
