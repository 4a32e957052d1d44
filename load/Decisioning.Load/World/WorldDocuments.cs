using System.Globalization;
using System.Text.Json.Nodes;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.World;

/// <summary>The brands' documents. They use what the comparison's Redis way knows of a catalogue, and no more.</summary>
internal static class WorldDocuments
{
    /// <summary>The document of a brand.</summary>
    /// <param name="ids">Of the run.</param>
    /// <param name="brand">Its number, from 0.</param>
    /// <param name="creatives">At least one for each of <see cref="WorldStory.Steps"/>; they go round the steps.</param>
    public static JsonObject Of(WorldIds ids, int brand, int creatives) => new()
    {
        ["name"] = $"Load {ids.BrandOf(brand)}",
        ["industry"] = "beauty",
        ["timeZone"] = "Asia/Shanghai",
        ["currency"] = WorldStory.Currency,
        ["caps"] = Caps(WorldStory.CapPerDay),
        ["creatives"] = new JsonObject(Enumerable.Range(0, creatives).Select(c => KeyValuePair.Create(CreativeId(c), CreativeOf(ids.BrandOf(brand), c)))),
        ["storylines"] = new JsonObject { [WorldStory.Storyline] = new JsonObject { ["steps"] = Steps(creatives) } },
        ["campaigns"] = new JsonObject { [WorldStory.Campaign] = CampaignOf() },
    };

    private static JsonNode? CreativeOf(string brand, int creative) => new JsonObject
    {
        ["format"] = WorldStory.Format,
        ["size"] = WorldStory.Size,
        ["url"] = $"https://cdn.example/{brand}/{CreativeId(creative)}.mp4",
        ["landing"] = $"https://{brand}.example/{CreativeId(creative)}",
    };

    private static JsonArray Steps(int creatives) =>
    [
        Step(0, creatives, ["none", "awareness"]),
        Step(1, creatives, ["enthuse"], new JsonObject { ["step"] = WorldStory.Steps[0], ["on"] = "click" }),
        Step(2, creatives, ["perform"]),
        Step(3, creatives, ["purchase", "loyalty"]),
    ];

    private static JsonObject Step(int number, int creatives, string[] stages, JsonObject? after = null)
    {
        int steps = WorldStory.Steps.Length;
        JsonObject step = new()
        {
            ["id"] = WorldStory.Steps[number],
            ["for"] = new JsonArray([.. stages.Select(s => (JsonNode)s)]),
            ["creatives"] = new JsonArray([.. Enumerable.Range(0, creatives).Where(c => c % steps == number).Select(c => (JsonNode)CreativeId(c))]),
        };
        if (after is not null)
        {
            step["after"] = new JsonArray(after);
        }

        return step;
    }

    private static JsonObject CampaignOf() => new()
    {
        ["storyline"] = WorldStory.Storyline,
        ["price"] = new JsonObject { ["model"] = "cpm", ["amount"] = "30.00" },
        ["budget"] = new JsonObject { ["total"] = "1000000000.00", ["pacing"] = "asap" },
        ["caps"] = Caps(WorldStory.CapPerDay),
    };

    private static JsonArray Caps(int perDay) => [new JsonObject { ["max"] = perDay, ["per"] = "1d" }];

    private static string CreativeId(int number) => string.Create(CultureInfo.InvariantCulture, $"c{number:D4}");
}
