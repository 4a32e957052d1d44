namespace Decisioning.Conformance;

/// <summary>Brands' documents for hosts under test.</summary>
public static class Documents
{
    /// <summary>One story of one step for everybody, one campaign, its price one unit of money an impression.</summary>
    /// <param name="caps">The brand's <c>caps</c>.</param>
    /// <param name="budget">The campaign's <c>budget</c>; null: none.</param>
    public static string Simple(string caps = "[]", string? budget = null) => Of(
        $"\"caps\": {caps},", "{ \"id\": \"one\", \"for\": [\"none\", \"discover\", \"engage\", \"enthuse\", \"perform\", \"initial\", \"numerous\", \"keen\"], \"creatives\": [\"a\", \"b\"] }",
        budget is null ? "" : $", \"budget\": {budget}");

    /// <summary>As <see cref="Simple"/>, for a flat price and some days.</summary>
    /// <param name="from">The first day of the flight, <c>yyyy-MM-dd</c>.</param>
    /// <param name="to">The last one.</param>
    public static string Flat(string amount, string from, string to, string? budget = null, string status = "active") => Simple(budget: budget).Replace(
        "\"model\": \"cpm\", \"amount\": \"1000.00\" }", $"\"model\": \"flat\", \"amount\": \"{amount}\" }}, \"from\": \"{from}\", \"to\": \"{to}\", \"status\": \"{status}\"",
        StringComparison.Ordinal);

    /// <summary>A story of two steps: the second opens when the first was seen.</summary>
    public static string Story { get; } = Of(
        "",
        """
        { "id": "one", "for": ["none", "discover"], "creatives": ["a"] },
        { "id": "two", "for": ["keen"], "after": [ { "step": "one", "on": "impression" } ], "creatives": ["b"] }
        """);

    private static string Of(string rules, string steps, string budget = "") =>
        $$"""
        { "name": "Acme", "industry": "beauty", "timeZone": "UTC", "currency": "EUR", "requireConsent": false, "rules": { "reserve": "10m" }, {{rules}}
          "creatives": {
            "a": { "format": "image", "size": "fluid", "url": "https://a.example/a", "landing": "https://a.example/" },
            "b": { "like": "a", "url": "https://a.example/b" } },
          "storylines": { "s": { "steps": [ {{steps}} ] } },
          "campaigns": { "c": { "storyline": "s", "price": { "model": "cpm", "amount": "1000.00" }{{budget}} } } }
        """;
}
