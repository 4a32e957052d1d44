using System.Globalization;

namespace Decisioning.Core.Catalogue;

/// <summary>
/// Two brands for a first look, as documents: <c>aurora</c>, with every kind of rule, and <c>borealis</c>, without targeting, holdout, gap or caps,
/// where every step of a newcomer moves the story. Aurora runs from ten days before a given date to ten days after, Borealis without end.
/// </summary>
public static class DemoCatalogue
{
    public const string AuroraId = "aurora";
    public const string BorealisId = "borealis";

    private const int DaysAround = 10;

    /// <summary>CATALOGUE.md's example, its flight, phases and goal moved to stand around a date.</summary>
    /// <param name="today">The date.</param>
    /// <param name="baseUrl">Absolute http or https URL of the server; creatives are below <c>/demo/aurora/</c>, landings below its <c>landing/</c>.</param>
    public static string Aurora(DateOnly today, string baseUrl)
    {
        string root = Root(baseUrl, AuroraId);
        return $$"""
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
                "runway-a": { "format": "video", "size": "640x360", "seconds": 15, "url": "{{root}}/runway-a",
                  "landing": "{{root}}/landing/show", "appLink": "aurora://show" },
                "runway-b": { "like": "runway-a", "url": "{{root}}/runway-b" },
                "runway-still": { "format": "image", "size": "640x360", "url": "{{root}}/runway-still", "landing": "{{root}}/landing/show" },
                "kol-li": { "like": "runway-a", "url": "{{root}}/kol-li", "landing": "{{root}}/landing/li" },
                "vr": { "format": "html", "size": "640x360", "url": "{{root}}/vr", "landing": "{{root}}/landing/vr" },
                "care": { "like": "runway-still", "url": "{{root}}/care" } },
              "storylines": {
                "launch": { "gap": "4h", "restart": "month", "exit": ["purchase"],
                  "steps": [
                    { "id": "runway", "for": ["none", "discover"], "creatives": ["runway-a", "runway-b"],
                      "substitute": "runway-still", "caps": [ { "max": 3, "per": "7d" } ] },
                    { "id": "review", "for": ["engage", "enthuse"],
                      "after": [ { "step": "runway", "on": "watched" }, { "step": "runway", "on": "viewable", "times": 3 } ],
                      "creatives": ["kol-li"], "channels": ["feed", "home"] },
                    { "id": "vr", "for": ["perform"], "minIntent": 60, "creatives": ["vr"], "substitute": "kol-li" } ] },
                "owners": { "steps": [ { "id": "care", "for": ["initial", "numerous", "keen"], "creatives": ["care"] } ] } },
              "campaigns": {
                "spring": { "objective": "launch", "storyline": "launch", "priority": "standard",
                  "from": "{{Day(today, -DaysAround)}}", "to": "{{Day(today, DaysAround)}}",
                  "price": { "model": "cpm", "amount": "30.00" },
                  "budget": { "total": "500000.00", "daily": "60000.00", "pacing": "calendar",
                    "phases": [ { "name": "reserve", "to": "{{Day(today, -4)}}", "share": 0.3 }, { "name": "presale", "to": "{{Day(today, 2)}}", "share": 0.2 },
                                { "name": "warm-up", "to": "{{Day(today, 6)}}", "share": 0.2 }, { "name": "burst", "to": "{{Day(today, DaysAround)}}", "share": 0.3 } ] },
                  "targeting": { "audiences": ["city-25-40"], "not": ["bought-lately"], "channels": ["home", "feed"], "countries": ["CN"] },
                  "caps": [ { "max": 8, "per": "lifetime" } ], "holdout": 0.05, "goal": { "date": "{{Day(today, 8)}}", "interest": 960000 } },
                "owners": { "objective": "recall", "storyline": "owners", "priority": "house" } } }
            """;
    }

    /// <summary>A coffee roaster's story that nothing holds back: it moves with every event.</summary>
    /// <param name="baseUrl">Absolute http or https URL of the server; creatives are below <c>/demo/borealis/</c>, landings below its <c>landing/</c>.</param>
    public static string Borealis(string baseUrl)
    {
        string root = Root(baseUrl, BorealisId);
        return $$"""
            { "name": "Borealis Coffee", "industry": "food", "timeZone": "Europe/Oslo", "currency": "EUR",
              "rules": { "awarenessFrom": "viewable", "reserve": "2s", "keenSpend": "150.00" },
              "creatives": {
                "harvest-film": { "format": "video", "size": "fluid", "seconds": 20, "url": "{{root}}/harvest-film", "landing": "{{root}}/landing/harvest" },
                "roast-film": { "like": "harvest-film", "url": "{{root}}/roast-film" },
                "beans-still": { "format": "image", "size": "fluid", "url": "{{root}}/beans-still", "landing": "{{root}}/landing/harvest" },
                "barista-review": { "like": "harvest-film", "url": "{{root}}/barista-review", "landing": "{{root}}/landing/review" },
                "review-still": { "like": "beans-still", "url": "{{root}}/review-still", "landing": "{{root}}/landing/review" },
                "virtual-tasting": { "format": "html", "size": "fluid", "url": "{{root}}/virtual-tasting", "landing": "{{root}}/landing/tasting" },
                "tasting-still": { "like": "beans-still", "url": "{{root}}/tasting-still", "landing": "{{root}}/landing/tasting" },
                "brew-guide": { "like": "beans-still", "url": "{{root}}/brew-guide", "landing": "{{root}}/landing/club" } },
              "storylines": {
                "launch": { "restart": "month", "exit": ["purchase"],
                  "steps": [
                    { "id": "runway", "for": ["none", "discover"], "creatives": ["harvest-film", "roast-film"], "substitute": "beans-still" },
                    { "id": "review", "for": ["engage", "enthuse"],
                      "after": [ { "step": "runway", "on": "watched" }, { "step": "runway", "on": "viewable", "times": 3 } ],
                      "creatives": ["barista-review"], "substitute": "review-still" },
                    { "id": "vr", "for": ["perform"], "minIntent": 60, "creatives": ["virtual-tasting"], "substitute": "tasting-still" } ] },
                "owners": { "steps": [ { "id": "care", "for": ["initial", "numerous", "keen"], "creatives": ["brew-guide"] } ] } },
              "campaigns": {
                "first-cup": { "objective": "launch", "storyline": "launch",
                  "price": { "model": "cpm", "amount": "12.00" }, "budget": { "total": "20000.00", "pacing": "asap" } },
                "club": { "objective": "recall", "storyline": "owners", "priority": "house" } } }
            """;
    }

    private static string Root(string baseUrl, string brand) => $"{baseUrl.TrimEnd('/')}/demo/{brand}";

    private static string Day(DateOnly today, int offset) => today.AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
