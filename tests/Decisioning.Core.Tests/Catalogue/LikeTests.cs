using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Catalogue;

/// <summary><c>like</c>: chains, overriding, rings, and what is not copied.</summary>
public class LikeTests
{
    [Fact]
    public void A_chain_copies_through_in_either_order()
    {
        BrandSnapshot brand = Documents.Good("""
            { "creatives": {
                "z": { "like": "y", "landing": "https://x.example/z" },
                "y": { "like": "x", "seconds": 9 },
                "x": { "format": "video", "url": "https://x.example/x", "landing": "https://x.example/lx", "seconds": 5, "caps": [ { "max": 1, "per": "1d" } ] } } }
            """);
        CreativeSnapshot z = brand.Creatives["z"];
        Assert.Equal(("https://x.example/x", "https://x.example/z", 9), (z.Url, z.Landing, z.Seconds!.Value));
        Assert.Equal(brand.Creatives["x"].Caps, z.Caps);
    }

    [Fact]
    public void Campaigns_storylines_and_audiences_copy_too()
    {
        string json = Documents.With("/campaigns/autumn", """{ "like": "spring", "holdout": 0.5, "targeting": {} }""");
        json = Documents.With(json, "/storylines/relaunch", """{ "like": "launch", "gap": "1h" }""");
        json = Documents.With(json, "/audiences/bought-last-year", """{ "like": "bought-lately", "within": "365d" }""");
        BrandSnapshot brand = Documents.Good(json);
        CampaignSnapshot autumn = brand.Campaigns.Single(c => c.Id == "autumn");
        Assert.Equal((0.5, brand.Campaigns[0].Until, false), (autumn.Holdout, autumn.Until, autumn.Targeting.NeedsProfile));
        StorylineSnapshot relaunch = brand.Storylines["relaunch"];
        Assert.Equal((Durations.Hour, Restart.Month), (relaunch.GapMs, relaunch.Restart));
        Assert.Equal(["runway", "review", "vr"], relaunch.Steps.Select(s => s.Id));
        Assert.All(relaunch.Steps, s => Assert.Equal($"relaunch/{s.Id}", brand.Symbols.NameOf(SymbolKind.Step, s.Symbol)));
        Assert.Equal(new Audience.Happened(EventType.Purchase, 365 * Durations.Day, 1), brand.Audiences["bought-last-year"]);
    }

    [Fact]
    public void Pausing_an_entry_does_not_pause_its_copies()
    {
        BrandSnapshot brand = Documents.Good(Documents.With("/creatives/runway-a/status", "\"paused\""));
        Assert.Equal(["runway-a"], brand.Creatives.Values.Where(c => c.Paused).Select(c => c.Id));
    }

    [Fact]
    public void A_ring_is_named_once_and_what_hangs_on_it_is_not_blamed()
    {
        CompileResult result = Documents.Compile("""
            { "creatives": { "d": { "like": "a" }, "a": { "like": "b" }, "b": { "like": "c" }, "c": { "like": "a" } } }
            """);
        Fault fault = Assert.Single(result.Faults);
        Assert.Equal(("/creatives/c/like", FaultCodes.Cycle), (fault.Pointer, fault.Code));
        Assert.Contains("a → b → c → a", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_that_copies_share_is_named_once_where_it_stands()
    {
        CompileResult result = Documents.Compile(Documents.With("/creatives/runway-a/size", "\"big\""));
        Assert.Equal("/creatives/runway-a/size", Assert.Single(result.Faults).Pointer);
    }

    [Fact]
    public void A_copy_of_what_is_no_entry_is_one_fault() =>
        Assert.Equal("/creatives/a", Assert.Single(Documents.Compile("""{ "creatives": { "a": 5, "b": { "like": "a" } } }""").Faults).Pointer);

    [Fact]
    public void A_chain_as_long_as_the_map_compiles()
    {
        IEnumerable<string> links = Enumerable.Range(1, CatalogueBounds.Creatives - 1).Select(i => $$""" "c{{i}}": { "like": "c{{i - 1}}" } """);
        string json = $$"""{ "creatives": { {{string.Join(',', links.Reverse())}}, "c0": { "format": "html", "url": "https://x.example/" } } }""";
        Assert.Equal("https://x.example/", Documents.Good(json).Creatives[$"c{CatalogueBounds.Creatives - 1}"].Url);
    }
}
