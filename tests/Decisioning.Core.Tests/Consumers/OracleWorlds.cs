using Decisioning.Core.Catalogue;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>Brands that read the same events differently: whole and half hours from UTC, with and without summer time, default and strange rules.</summary>
internal static class OracleWorlds
{
    private static readonly string[] Zones = ["Asia/Shanghai", "Asia/Kolkata", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC"];

    private static readonly string[] Rules =
    [
        "{}",
        """{ "awarenessFrom": "viewable", "adClick": "interest", "keenSpend": "500.00" }""",
        """
        { "windows": { "awareness": "3d", "interest": "90d", "purchase": "60d", "loyalty": "20d" }, "keenSpend": "0.00",
          "intent": { "weights": { "view": 0.7, "follow": 3 }, "halfLife": { "view": "15d", "cart": "1h" }, "caps": { "view": 1.5, "favorite": 9 }, "afterPurchase": 0.25 } }
        """,
        """{ "windows": { "awareness": "90d", "interest": "1d", "purchase": "1825d", "loyalty": "730d" }, "keenSpend": "900.00", "intent": { "afterPurchase": 1 } }""",
    ];

    public static BrandSnapshot[] All { get; } =
    [
        .. from zone in Zones
           from rules in Rules
           select Brands.Of(
               $$"""
               "rules": {{rules}},
               "storylines": { "s": { "steps": [ { "id": "one", "for": {{Brands.Everyone}}, "creatives": ["b"] }, { "id": "two", "for": ["none"], "creatives": ["c"] } ] } },
               "campaigns": { "k": { "storyline": "s", "holdout": 0.000001, "price": { "model": "cpm", "amount": "30.00" } } }
               """, zone: zone),
    ];
}
