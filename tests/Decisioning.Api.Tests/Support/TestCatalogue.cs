using System.Collections.Frozen;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Api.Tests.Support;

/// <summary>A compiled catalogue of two small brands, aurora (symbol 1) and borealis (symbol 2), with one campaign, step and creative each.</summary>
internal static class TestCatalogue
{
    public const string Landing = "https://aurora.example/show?a=1&b=2";

    /// <summary>The mark of the channel that decisions here are for.</summary>
    public const ushort Channel = 4242;

    public static CatalogueSnapshot Snapshot { get; } = new([Brand("aurora", 1), Brand("borealis", 2)], ServerSettings.Default, "cat-7");

    public static BrandSnapshot Aurora => Snapshot.Find("aurora")!;

    public static BrandSnapshot Brand(string id, int symbol, string? landing = Landing)
    {
        CreativeSnapshot creative = Creative(landing);
        StorylineSnapshot storyline = new() { Id = "launch", GapMs = 0, Restart = Restart.Never, Exit = default };
        StepSnapshot step = Step(storyline, creative);
        storyline.Steps = [step];
        CampaignSnapshot[] campaigns = new CampaignSnapshot[1];
        CampaignSnapshot?[] bySymbol = new CampaignSnapshot?[2];
        BrandSnapshot brand = new()
        {
            Id = id,
            Symbol = symbol,
            Version = $"{id}-v1",
            Name = id.ToUpperInvariant(),
            Industry = "beauty",
            Currency = "CNY",
            Calendar = new BrandCalendar(TimeZoneInfo.Utc),
            Rules = Rules(),
            Caps = [],
            RequireConsent = false,
            BrandHoldout = 0,
            Audiences = FrozenDictionary<string, Audience>.Empty,
            Creatives = new Dictionary<string, CreativeSnapshot> { [creative.Id] = creative }.ToFrozenDictionary(),
            Storylines = new Dictionary<string, StorylineSnapshot> { [storyline.Id] = storyline }.ToFrozenDictionary(),
            Campaigns = campaigns,
            Symbols = new BrandSymbols([["spring"], ["launch/runway"], ["runway-a"]]),
            CreativesBySymbol = [null, creative],
            StepsBySymbol = [null, step],
            CampaignsBySymbol = bySymbol,
        };
        campaigns[0] = Campaign(brand, storyline);
        bySymbol[1] = campaigns[0];
        return brand;
    }

    public static SlotDecision Decision(BrandSnapshot brand, int reserveSeconds = 600, bool contextual = false) => new(
        brand.Campaigns[0], brand.StepsBySymbol[1]!, brand.CreativesBySymbol[1]!, DeeplinkStage.Discover, 63.2120558, 0.021, 0.74, 5, reserveSeconds,
            contextual, Channel);

    private static CreativeSnapshot Creative(string? landing) => new()
    {
        Id = "runway-a",
        Symbol = 1,
        Format = CreativeFormat.Video,
        Size = "640x360",
        Seconds = 15,
        Url = "https://cdn.example/ra.mp4",
        Landing = landing,
        AppLink = null,
        Trackers = new Dictionary<string, string[]> { ["impression"] = ["https://3rd.example/i?t=[TIMESTAMP]&x=<1>"] }.ToFrozenDictionary(),
        Caps = [],
        Paused = false,
    };

    private static StepSnapshot Step(StorylineSnapshot storyline, CreativeSnapshot creative) => new()
    {
        Storyline = storyline,
        Id = "runway",
        Symbol = 1,
        Index = 0,
        For = StageSet.None,
        MinIntent = null,
        After = [],
        Channels = FrozenSet<string>.Empty,
        Fits = [new FitGroup(creative.Format, creative.Size, [creative])],
        Creatives = [creative],
        Substitute = null,
        Caps = [],
        Paused = false,
        Branches = [],
    };

    private static CampaignSnapshot Campaign(BrandSnapshot brand, StorylineSnapshot storyline) => new()
    {
        Brand = brand,
        Id = "spring",
        Symbol = 1,
        Objective = null,
        Storyline = storyline,
        Priority = Priority.Standard,
        From = long.MinValue,
        Until = long.MaxValue,
        Paused = false,
        PriceModel = PriceModel.Cpm,
        PriceMicros = 30_000_000,
        UnitPriceMicros = 30_000,
        Budget = null,
        Targeting = TargetingSnapshot.Everyone,
        Caps = [],
        Holdout = 0,
        Goal = null,
    };

    private static BrandRules Rules() => new()
    {
        AwarenessWindow = 1,
        InterestWindow = 1,
        PurchaseWindow = 1,
        LoyaltyWindow = 1,
        AwarenessFromImpression = true,
        AdClickIsInterest = false,
        KeenSpendMicros = null,
        ReserveMs = 600_000,
        Intent = [],
        AfterPurchase = 0,
        ClickLookBack = 1,
        ViewableLookBack = 1,
    };
}
