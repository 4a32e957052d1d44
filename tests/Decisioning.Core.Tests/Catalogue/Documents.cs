using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary>The catalogue's worked example, and ways to compile variations of it.</summary>
internal static class Documents
{
    public const string Example = """
        { "name": "Aurora", "industry": "beauty", "timeZone": "Asia/Shanghai", "currency": "CNY",
          "rules": {
            "windows": { "awareness": "15d", "interest": "15d", "purchase": "910d", "loyalty": "365d" },
            "awarenessFrom": "viewable", "adClick": "awareness", "keenSpend": "5000.00", "reserve": "10m",
            "intent": { "weights": { "view": 0.1, "brand_search": 0.6, "favorite": 0.6, "cart": 1.0 },
                        "halfLife": { "view": "3d", "cart": "7d" }, "caps": { "view": 5 }, "afterPurchase": 0 },
            "attribution": { "click": "15d", "viewable": "3d" } },
          "caps": [ { "max": 3, "per": "1d" }, { "max": 12, "per": "7d" } ],
          "audiences": {
            "city-25-40": { "all": [ { "attribute": "age", "from": 25, "to": 40 }, { "attribute": "tier", "in": [1, 2] } ] },
            "bought-lately": { "event": "purchase", "within": "30d" } },
          "creatives": {
            "runway-a": { "format": "video", "size": "640x360", "seconds": 15, "url": "https://cdn.example/ra.mp4",
              "landing": "https://aurora.example/show", "appLink": "aurora://show",
              "trackers": { "impression": ["https://3rd.example/i?t=[TIMESTAMP]"], "click": ["https://3rd.example/c"] } },
            "runway-b": { "like": "runway-a", "url": "https://cdn.example/rb.mp4" },
            "runway-still": { "format": "image", "size": "640x360", "url": "https://cdn.example/r.jpg", "landing": "https://aurora.example/show" },
            "kol-li": { "like": "runway-a", "url": "https://cdn.example/li.mp4", "landing": "https://aurora.example/li" },
            "vr": { "format": "html", "size": "640x360", "url": "https://cdn.example/vr/", "landing": "https://aurora.example/vr" },
            "care": { "like": "runway-still", "url": "https://cdn.example/care.jpg" } },
          "storylines": {
            "launch": { "gap": "4h", "restart": "month", "exit": ["purchase"],
              "steps": [
                { "id": "runway", "for": ["none", "discover"], "creatives": ["runway-a", "runway-b"], "substitute": "runway-still", "caps": [ { "max": 3, "per": "7d" } ] },
                { "id": "review", "for": ["engage", "enthuse"],
                  "after": [ { "step": "runway", "on": "watched" }, { "step": "runway", "on": "viewable", "times": 3 } ],
                  "creatives": ["kol-li"], "channels": ["feed", "home"] },
                { "id": "vr", "for": ["perform"], "minIntent": 60, "creatives": ["vr"], "substitute": "kol-li" } ] },
            "owners": { "steps": [ { "id": "care", "for": ["initial", "numerous", "keen"], "creatives": ["care"] } ] } },
          "campaigns": {
            "spring": { "objective": "launch", "storyline": "launch", "priority": "standard", "from": "2026-11-01", "to": "2026-11-12",
              "price": { "model": "cpm", "amount": "30.00" },
              "budget": { "total": "500000.00", "daily": "60000.00", "pacing": "calendar",
                "phases": [ { "name": "reserve", "to": "2026-11-05", "share": 0.3 }, { "name": "presale", "to": "2026-11-08", "share": 0.2 },
                            { "name": "warm-up", "to": "2026-11-10", "share": 0.2 }, { "name": "burst", "to": "2026-11-12", "share": 0.3 } ] },
              "targeting": { "audiences": ["city-25-40"], "not": ["bought-lately"], "channels": ["home", "feed"], "countries": ["CN"] },
              "caps": [ { "max": 8, "per": "lifetime" } ], "holdout": 0.05, "goal": { "date": "2026-11-10", "interest": 960000 } },
            "owners": { "objective": "recall", "storyline": "owners", "priority": "house" } } }
        """;

    public static IndustryTable Industries { get; } =
        IndustryTable.Parse("""{ "beauty": { "cart": 1.0 }, "cars": { "view": 2, "cart": 3, "shop_visit": 0.5 } }"""u8.ToArray()).Table!;

    public static CompileResult Compile(string json, BrandSnapshot? previous = null, BrandSymbols? symbols = null) =>
        Compile(Encoding.UTF8.GetBytes(json), previous, symbols);

    public static CompileResult Compile(byte[] json, BrandSnapshot? previous = null, BrandSymbols? symbols = null) =>
        CatalogueCompiler.Compile(json, new CompileContext("aurora", 7, "v1", symbols ?? previous?.Symbols ?? BrandSymbols.Empty, previous, Industries));

    /// <summary>Compiles a document that must have no fault.</summary>
    public static BrandSnapshot Good(string json, BrandSnapshot? previous = null)
    {
        CompileResult result = Compile(json, previous);
        Assert.Empty(result.Faults);
        return Assert.IsType<BrandSnapshot>(result.Brand);
    }

    /// <summary>The example with the value at a pointer set, or taken away where the value is null.</summary>
    public static string With(string pointer, string? value) => With(Example, pointer, value);

    public static string With(string document, string pointer, string? value)
    {
        JsonNode root = JsonNode.Parse(document)!;
        JsonNode? node = root;
        string[] parts = [.. pointer.Split('/').Skip(1).Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        foreach (string part in parts[..^1])
        {
            node = node is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)] : node![part] ??= new JsonObject();
        }

        JsonNode? changed = value is null ? null : JsonNode.Parse(value);
        if (node is JsonArray items)
        {
            items[int.Parse(parts[^1], CultureInfo.InvariantCulture)] = changed;
        }
        else if (value is null)
        {
            node!.AsObject().Remove(parts[^1]);
        }
        else
        {
            node![parts[^1]] = changed;
        }

        return root.ToJsonString();
    }
}
