using System.Collections.Concurrent;
using System.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Decide;

/// <summary>A campaign with a price, a budget, a flight, and nothing else to speak of.</summary>
internal static class PacingCampaigns
{
    private static readonly ConcurrentDictionary<(string, string, string?, string?), CampaignSnapshot> Compiled = new();

    public static CampaignSnapshot Campaign(string zone, string budget, string? from, string? to) =>
        Compiled.GetOrAdd((zone, budget, from, to), static key => Compile(key.Item1, Price("cpm", "1.00"), key.Item2, key.Item3, key.Item4));

    /// <param name="from">The first day of the flight, <c>yyyy-MM-dd</c>; <paramref name="to"/>: the last one.</param>
    public static CampaignSnapshot Flat(string zone, string amount, string from, string to) => Compile(zone, Price("flat", amount), "{}", from, to);

    public static long At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string Price(string model, string amount) => $$"""{ "model": "{{model}}", "amount": "{{amount}}" }""";

    private static CampaignSnapshot Compile(string zone, string price, string budget, string? from, string? to)
    {
        string flight = (from is null ? "" : $", \"from\": \"{from}\"") + (to is null ? "" : $", \"to\": \"{to}\"");
        string document = $$"""
            { "name": "Acme", "industry": "beauty", "timeZone": "{{zone}}", "currency": "EUR",
              "creatives": { "a": { "format": "image", "size": "fluid", "url": "https://a.example/a", "landing": "https://a.example/" } },
              "storylines": { "s": { "steps": [ { "id": "one", "for": ["none"], "creatives": ["a"] } ] } },
              "campaigns": { "c": { "storyline": "s", "price": {{price}}, "budget": {{budget}}{{flight}} } } }
            """;
        CompileResult result = CatalogueCompiler.Compile(
            Encoding.UTF8.GetBytes(document), new CompileContext("acme", 1, "1", BrandSymbols.Empty, null, IndustryTable.Empty));
        Assert.Empty(result.Faults);
        return result.Brand!.Campaigns[0];
    }
}
