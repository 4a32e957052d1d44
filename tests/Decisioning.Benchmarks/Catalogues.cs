using System.Text;
using System.Text.Json.Nodes;
using Decisioning.Core.Catalogue;

namespace Decisioning.Benchmarks;

/// <summary>Catalogues of a given size: each brand with one campaign whose story has a first step for everybody and a later one for the few.</summary>
internal static class Catalogues
{
    public static CatalogueSnapshot Of(int brands, int creatives)
    {
        var compiled = new List<BrandSnapshot>();
        for (int b = 0; b < brands; b++)
        {
            byte[] document = Encoding.UTF8.GetBytes(Document(b, creatives));
            CompileResult result = CatalogueCompiler.Compile(document, new CompileContext($"brand-{b}", b + 1, "1", BrandSymbols.Empty, null, IndustryTable.Empty));
            compiled.Add(result.Brand ?? throw new InvalidOperationException(string.Join('\n', result.Faults)));
        }

        return new CatalogueSnapshot(compiled, ServerSettings.Default, "1");
    }

    /// <summary>A brand's document: videos of the size that placements ask for, all in the step that is open.</summary>
    public static string Document(int brand, int creatives)
    {
        var map = new JsonObject();
        var open = new JsonArray();
        for (int c = 0; c < creatives; c++)
        {
            map[$"creative-{c}"] = new JsonObject
            {
                ["format"] = "video", ["size"] = "640x360", ["url"] = $"https://cdn.example/{brand}/{c}.mp4", ["landing"] = $"https://brand-{brand}.example/{c}",
            };
            open.Add($"creative-{c}");
        }

        return new JsonObject
        {
            ["name"] = $"Brand {brand}", ["industry"] = "beauty", ["timeZone"] = "Asia/Shanghai", ["currency"] = "CNY",
            ["creatives"] = map,
            ["caps"] = new JsonArray(new JsonObject { ["max"] = 1_000_000, ["per"] = "1d" }),
            ["storylines"] = new JsonObject
            {
                ["launch"] = new JsonObject
                {
                    ["steps"] = new JsonArray(
                        new JsonObject { ["id"] = "first", ["for"] = new JsonArray("none", "awareness", "interest"), ["creatives"] = open },
                        new JsonObject { ["id"] = "later", ["for"] = new JsonArray("loyalty"), ["creatives"] = new JsonArray("creative-0") }),
                },
            },
            ["campaigns"] = new JsonObject
            {
                ["spring"] = new JsonObject { ["storyline"] = "launch", ["price"] = new JsonObject { ["model"] = "cpm", ["amount"] = "30.00" } },
            },
        }.ToJsonString();
    }
}
