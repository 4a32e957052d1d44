namespace Decisioning.Crash;

/// <summary>The brand of the runs: a story with nothing that holds it back, paid for by view, by click and by day, so that money moves as well.</summary>
internal static class CrashBrand
{
    public const string Id = "crash";

    /// <summary>The creative that is paused and resumed.</summary>
    public const string Creative = "second";

    /// <summary>The campaign that is paused and resumed.</summary>
    public const string Campaign = "clicks";

    public const string Document = """
        { "name": "Crash", "industry": "beauty", "timeZone": "Asia/Shanghai", "currency": "CNY",
          "creatives": {
            "first": { "format": "image", "size": "fluid", "url": "https://cdn.example/1", "landing": "https://crash.example/" },
            "second": { "like": "first", "url": "https://cdn.example/2" } },
          "storylines": { "tale": { "steps": [
            { "id": "only", "for": ["none", "awareness", "interest", "purchase", "loyalty"], "creatives": ["first", "second"] } ] } },
          "campaigns": {
            "views": { "storyline": "tale", "price": { "model": "cpm", "amount": "20.00" }, "budget": { "total": "100000.00", "pacing": "asap" } },
            "clicks": { "storyline": "tale", "price": { "model": "cpc", "amount": "0.50" }, "budget": { "total": "100000.00", "daily": "9000.00", "pacing": "asap" } },
            "days": { "storyline": "tale", "status": "paused", "from": "2026-01-01", "to": "2099-12-31", "price": { "model": "flat", "amount": "1000000.00" } } } }
        """;
}
