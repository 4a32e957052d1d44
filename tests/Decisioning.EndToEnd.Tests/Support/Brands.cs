using System.Text.Json.Nodes;
using Decisioning.Core.Catalogue;

namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>Documents to put.</summary>
internal static class Brands
{
    /// <summary>A brand id that no other test has.</summary>
    public static string NewId(string name = "b") => $"{name}-{Guid.NewGuid():n}"[..(name.Length + 13)];

    /// <summary>CATALOGUE.md's Aurora, around today, with all its rules.</summary>
    public static JsonObject Aurora() => Parse(DemoCatalogue.Aurora(DateOnly.FromDateTime(DateTime.UtcNow), "http://127.0.0.1"));

    /// <summary>Aurora without targeting, holdout, gap and brand caps, and with a reserve of 2 s.</summary>
    public static JsonObject OpenAurora()
    {
        JsonObject aurora = Aurora();
        aurora.Remove("caps");
        aurora["rules"]!["reserve"] = "2s";
        aurora["storylines"]!["launch"]!.AsObject().Remove("gap");
        JsonObject spring = aurora["campaigns"]!["spring"]!.AsObject();
        spring.Remove("targeting");
        spring.Remove("holdout");
        return aurora;
    }

    /// <summary>The document without its campaigns' holdouts, so that every consumer is served.</summary>
    public static JsonObject WithoutHoldout(this JsonObject document)
    {
        foreach ((string _, JsonNode? campaign) in document["campaigns"]!.AsObject())
        {
            campaign!.AsObject().Remove("holdout");
        }

        return document;
    }

    /// <summary>One campaign over one step that is open to all, with some creatives: the ground for rules of a test's own.</summary>
    /// <param name="creatives">How many; they are <c>c0</c>, <c>c1</c> ….</param>
    public static JsonObject Plain(int creatives = 4)
    {
        JsonObject media = [];
        for (int i = 0; i < creatives; i++)
        {
            media[$"c{i}"] = Parse("""{ "format": "image", "size": "fluid", "url": "https://cdn.example/c.jpg", "landing": "https://shop.example/c" }""");
        }

        JsonObject brand = Parse("""
            { "name": "Plain", "timeZone": "UTC", "currency": "EUR", "rules": { "reserve": "10m" },
              "storylines": { "line": { "steps": [ { "id": "only", "for": ["none", "awareness", "interest", "purchase", "loyalty"] } ] } },
              "campaigns": { "one": { "objective": "launch", "storyline": "line" } } }
            """);
        brand["creatives"] = media;
        brand["storylines"]!["line"]!["steps"]![0]!["creatives"] = new JsonArray([.. media.Select(m => JsonValue.Create(m.Key))]);
        return brand;
    }

    /// <summary>Puts a document under a new id.</summary>
    public static async Task<string> PutNewAsync(this ApiClient api, JsonObject document, string name = "b")
    {
        string id = NewId(name);
        (await api.PutAsync($"/v1/brands/{id}", document)).Ok();
        return id;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
