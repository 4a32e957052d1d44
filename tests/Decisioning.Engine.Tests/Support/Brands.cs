namespace Decisioning.Engine.Tests.Support;

/// <summary>Documents of brands for hosts under test.</summary>
internal static class Brands
{
    /// <summary>One story of one step for everybody, one campaign, its price one unit of money an impression.</summary>
    /// <param name="caps">The brand's <c>caps</c>.</param>
    /// <param name="budget">The campaign's <c>budget</c>; null: none.</param>
    public static string Simple(string caps = "[]", string? budget = null, string reserve = "10m", string model = "cpm", bool consent = false) =>
        $$"""
        { "name": "Acme", "industry": "beauty", "timeZone": "UTC", "currency": "EUR", "requireConsent": {{(consent ? "true" : "false")}},
          "rules": { "reserve": "{{reserve}}" }, "caps": {{caps}},
          "creatives": {
            "a": { "format": "image", "size": "fluid", "url": "https://a.example/a", "landing": "https://a.example/" },
            "b": { "like": "a", "url": "https://a.example/b" } },
          "storylines": { "s": { "steps": [
            { "id": "one", "for": ["none", "discover", "engage", "enthuse", "perform", "initial", "numerous", "keen"], "creatives": ["a", "b"] } ] } },
          "campaigns": { "c": { "storyline": "s", "price": { "model": "{{model}}", "amount": "{{(model == "cpm" ? "1000.00" : "1.00")}}" }{{(budget is null ? "" : $", \"budget\": {budget}")}} } } }
        """;
}
