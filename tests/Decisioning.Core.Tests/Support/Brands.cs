using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Tests.Catalogue;

namespace Decisioning.Core.Tests.Support;

/// <summary>Small brands made for one test, beside the worked example.</summary>
internal static class Brands
{
    /// <summary>Creatives a, b (video), c (image) and d (html), all of one size.</summary>
    public const string Creatives = """
        { "a": { "format": "video", "size": "640x360", "url": "https://cdn.example/a", "landing": "https://shop.example/a" },
          "b": { "like": "a", "url": "https://cdn.example/b" },
          "c": { "like": "a", "format": "image", "url": "https://cdn.example/c" },
          "d": { "like": "a", "format": "html", "url": "https://cdn.example/d" } }
        """;

    /// <summary>Every stage, for steps that are always open.</summary>
    public const string Everyone = """["none", "awareness", "interest", "purchase", "loyalty"]""";

    public static BrandSnapshot Compile(string document, string id = "aurora", int symbol = 7, BrandSnapshot? previous = null)
    {
        CompileResult result = CatalogueCompiler.Compile(
            Encoding.UTF8.GetBytes(document), new CompileContext(id, symbol, "v", previous?.Symbols ?? BrandSymbols.Empty, previous, Documents.Industries));
        Assert.Empty(result.Faults);
        return result.Brand!;
    }

    /// <summary>A brand whose document has those members beside name, industry, zone and currency.</summary>
    public static BrandSnapshot Of(string members, string id = "aurora", int symbol = 7, string zone = "Asia/Shanghai", BrandSnapshot? previous = null) =>
        Compile($$"""{ "name": "B", "industry": "beauty", "timeZone": "{{zone}}", "currency": "CNY", "creatives": {{Creatives}}, {{members}} }""", id, symbol, previous);

    /// <summary>A brand with one campaign, whose one step is always open and shows the creatives.</summary>
    public static BrandSnapshot Simple(
        string id = "aurora", int symbol = 7, string creatives = """["a"]""", string brand = "", string campaign = "", string step = "", string story = "") => Of(
        $$"""
        {{brand}} "storylines": { "s": { {{story}} "steps": [ { "id": "one", "for": {{Everyone}}, {{step}} "creatives": {{creatives}} } ] } },
        "campaigns": { "k": { {{campaign}} "storyline": "s" } }
        """, id, symbol);

    public static CatalogueSnapshot Together(params BrandSnapshot[] brands) => new(brands, ServerSettings.Default, "1");
}
