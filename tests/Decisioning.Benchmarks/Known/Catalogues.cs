using System.Text;
using System.Text.Json.Nodes;
using Decisioning.Core.Catalogue;

namespace Decisioning.Benchmarks.Known;

/// <summary>Catalogues of a given size: each brand with one campaign whose story has a first step for everybody and a later one for the few.</summary>
internal static class Catalogues
{
    public static CatalogueSnapshot Of(int brands, int creatives, int steps, ServerSettings? settings = null)
    {
        var compiled = new List<BrandSnapshot>();
        for (int b = 0; b < brands; b++)
        {
            byte[] document = Encoding.UTF8.GetBytes(Document(b, creatives, steps));
            CompileResult result = CatalogueCompiler.Compile(document, new CompileContext(IdOf(b), b + 1, "1", BrandSymbols.Empty, null, IndustryTable.Empty));
            compiled.Add(result.Brand ?? throw new InvalidOperationException(string.Join('\n', result.Faults)));
        }

        return new CatalogueSnapshot(compiled, settings ?? ServerSettings.Default, "1");
    }

    /// <summary>The id of a brand that is put by this document.</summary>
    public static string IdOf(int brand) => $"brand-{brand}";

    /// <summary>A brand's document: videos of the size that placements ask for, spread evenly over the steps; the first step is open to everybody.</summary>
    public static string Document(int brand, int creatives, int steps)
    {
        var map = new JsonObject();
        var story = new JsonArray();
        for (int s = 0; s < steps; s++)
        {
            var shown = new JsonArray();
            for (int c = s; c < creatives; c += steps)
            {
                map[$"creative-{c}"] = JsonNode.Parse(
                    $$"""{ "format": "video", "size": "640x360", "url": "https://cdn.example/{{brand}}/{{c}}.mp4", "landing": "https://brand-{{brand}}.example/{{c}}" }""");
                shown.Add($"creative-{c}");
            }

            string stages = s == 0 ? """["none", "awareness", "interest"]""" : """["loyalty"]""";
            story.Add(new JsonObject { ["id"] = $"step-{s}", ["for"] = JsonNode.Parse(stages), ["creatives"] = shown });
        }

        JsonNode document = JsonNode.Parse(
            $$"""
            { "name": "Brand {{brand}}", "industry": "beauty", "timeZone": "Asia/Shanghai", "currency": "CNY",
              "caps": [ { "max": 100000, "per": "1d" } ], "rules": { "reserve": "2s" },
              "storylines": { "launch": {} },
              "campaigns": { "spring": { "storyline": "launch", "price": { "model": "cpm", "amount": "30.00" },
                "budget": { "total": "1000000000.00", "pacing": "asap" } } } }
            """)!;
        document["creatives"] = map;
        document["storylines"]!["launch"]!["steps"] = story;
        return document.ToJsonString();
    }
}
