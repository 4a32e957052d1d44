using System.Collections.Frozen;

namespace Decisioning.Core.Catalogue;

/// <summary>
/// Every brand as it stands, compiled and frozen. Readers take the reference once and never lock; a change publishes a whole new snapshot.
/// </summary>
public sealed class CatalogueSnapshot
{
    private readonly FrozenDictionary<string, BrandSnapshot> _byId;
    private readonly BrandSnapshot?[] _bySymbol;

    /// <param name="brands">Compiled brands; their symbols are unique.</param>
    /// <param name="settings">Server-wide settings.</param>
    /// <param name="version">Names this combination of brands and settings.</param>
    public CatalogueSnapshot(IEnumerable<BrandSnapshot> brands, ServerSettings settings, string version)
    {
        Brands = [.. brands.OrderBy(b => b.Id, StringComparer.Ordinal)];
        Settings = settings;
        Version = version;
        _byId = Brands.ToFrozenDictionary(b => b.Id, StringComparer.Ordinal);
        _bySymbol = new BrandSnapshot?[Brands.Length == 0 ? 0 : Brands.Max(b => b.Symbol) + 1];
        foreach (BrandSnapshot brand in Brands)
        {
            _bySymbol[brand.Symbol] = brand;
        }
    }

    public static CatalogueSnapshot Empty { get; } = new([], ServerSettings.Default, "0");

    /// <summary>In the order of their ids.</summary>
    public BrandSnapshot[] Brands { get; }

    public ServerSettings Settings { get; }

    public string Version { get; }

    public BrandSnapshot? Find(string id) => _byId.GetValueOrDefault(id);

    public BrandSnapshot? Find(ReadOnlySpan<char> id) => _byId.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out BrandSnapshot? brand) ? brand : null;

    public BrandSnapshot? Find(int symbol) => (uint)symbol < (uint)_bySymbol.Length ? _bySymbol[symbol] : null;
}

/// <summary>Rules over all brands: caps on everything a consumer sees, and pairs of brands that may not share a page.</summary>
/// <param name="Caps">Caps over all brands together.</param>
/// <param name="Competitors">Pairs of brand ids that one request never shows together.</param>
public sealed record ServerSettings(CapRule[] Caps, (string A, string B)[] Competitors)
{
    public static ServerSettings Default { get; } = new([], []);
}

/// <summary>At most <paramref name="Max"/> confirmed exposures and live reservations within a rolling window.</summary>
/// <param name="Max">1 or more.</param>
/// <param name="WindowMs">Length of the window in milliseconds; <see cref="Lifetime"/> for all time.</param>
public readonly record struct CapRule(int Max, long WindowMs)
{
    public const long Lifetime = long.MaxValue;
}

/// <summary>One brand's document, compiled: names resolved to objects, symbols assigned, money in micros, dates as instants.</summary>
public sealed class BrandSnapshot
{
    public required string Id { get; init; }

    /// <summary>The server's number for this brand; never reused.</summary>
    public required int Symbol { get; init; }

    public required string Version { get; init; }

    public required string Name { get; init; }

    public required string Industry { get; init; }

    public required string Currency { get; init; }

    public required BrandCalendar Calendar { get; init; }

    public required BrandRules Rules { get; init; }

    public required CapRule[] Caps { get; init; }

    public required bool RequireConsent { get; init; }

    /// <summary>Share of consumers, 0 to 1, kept out of every campaign of the brand.</summary>
    public required double BrandHoldout { get; init; }

    public required FrozenDictionary<string, Audience> Audiences { get; init; }

    public required FrozenDictionary<string, CreativeSnapshot> Creatives { get; init; }

    public required FrozenDictionary<string, StorylineSnapshot> Storylines { get; init; }

    /// <summary>In the order of the document.</summary>
    public required CampaignSnapshot[] Campaigns { get; init; }

    /// <summary>The ids behind the symbols of creatives, steps and campaigns, present and past.</summary>
    public required BrandSymbols Symbols { get; init; }

    /// <summary>Index by creative symbol; null where the creative has left the catalogue.</summary>
    public required CreativeSnapshot?[] CreativesBySymbol { get; init; }

    /// <summary>Index by step symbol; null where the step has left the catalogue.</summary>
    public required StepSnapshot?[] StepsBySymbol { get; init; }

    /// <summary>Index by campaign symbol; null where the campaign has left the catalogue.</summary>
    public required CampaignSnapshot?[] CampaignsBySymbol { get; init; }
}

/// <summary>How this brand reads evidence: windows in milliseconds, intent figures by behaviour.</summary>
public sealed class BrandRules
{
    public required long AwarenessWindow { get; init; }

    public required long InterestWindow { get; init; }

    public required long PurchaseWindow { get; init; }

    public required long LoyaltyWindow { get; init; }

    /// <summary>True: an impression makes aware; false: only a viewable one does.</summary>
    public required bool AwarenessFromImpression { get; init; }

    /// <summary>True: an ad click is interest (Enthuse); false: awareness (Engage).</summary>
    public required bool AdClickIsInterest { get; init; }

    /// <summary>Spend over the loyalty window that makes a loyal consumer keen, in micros; null: spend alone never does.</summary>
    public required long? KeenSpendMicros { get; init; }

    /// <summary>How long a decision holds its place in caps and budget, in milliseconds, a whole number of seconds; 0: the decision itself counts.</summary>
    public required long ReserveMs { get; init; }

    /// <summary>By <see cref="IntentRules.IndexOf"/>: weight, half-life and cap of the eight behaviours, industry multipliers applied.</summary>
    public required IntentRule[] Intent { get; init; }

    /// <summary>What evidence before the last unrefunded purchase counts, 0 to 1.</summary>
    public required double AfterPurchase { get; init; }

    public required long ClickLookBack { get; init; }

    public required long ViewableLookBack { get; init; }
}

/// <summary>One behaviour's part in the intent score.</summary>
/// <param name="Weight">0 or more.</param>
/// <param name="HalfLifeMs">Milliseconds until it counts half; above 0, at most 15 d.</param>
/// <param name="Cap">The decayed count is cut at this.</param>
public readonly record struct IntentRule(double Weight, long HalfLifeMs, double Cap);

/// <summary>The eight intent behaviours in a fixed order.</summary>
public static class IntentRules
{
    public static readonly EventType[] Behaviours =
    [
        EventType.View, EventType.ContentEngage, EventType.ShopVisit, EventType.Follow,
        EventType.BrandSearch, EventType.Favorite, EventType.CouponClaim, EventType.Cart,
    ];

    /// <summary>Position of a behaviour in the order, −1 for other event types.</summary>
    public static int IndexOf(EventType type) => type is >= EventType.View and <= EventType.Cart ? type - EventType.View : -1;
}

/// <summary>A way to show something: what fits where is its format and size.</summary>
public sealed class CreativeSnapshot
{
    public required string Id { get; init; }

    public required int Symbol { get; init; }

    public required CreativeFormat Format { get; init; }

    /// <summary><c>WIDTHxHEIGHT</c> or <c>fluid</c>.</summary>
    public required string Size { get; init; }

    /// <summary>Length of a video in seconds, null where it has none.</summary>
    public required int? Seconds { get; init; }

    public required string Url { get; init; }

    public required string? Landing { get; init; }

    public required string? AppLink { get; init; }

    /// <summary>Third-party tracker URLs by interaction name.</summary>
    public required FrozenDictionary<string, string[]> Trackers { get; init; }

    public required CapRule[] Caps { get; init; }

    public required bool Paused { get; init; }

    /// <summary>Whether the creative may stand in a placement of that size (null: any size).</summary>
    public bool FitsSize(string? placementSize) =>
        placementSize is null || Size == "fluid" || placementSize == "fluid" || string.Equals(Size, placementSize, StringComparison.Ordinal);
}

/// <summary>Creatives of one step that share format and size, so that a placement takes or leaves them together.</summary>
public sealed record FitGroup(CreativeFormat Format, string Size, CreativeSnapshot[] Creatives)
{
    /// <summary>True where no creative of the group has caps of its own, so that all of them serve or none.</summary>
    public bool ServesWhole { get; } = Array.TrueForAll(Creatives, c => c.Caps.Length == 0);
}

/// <summary>A sequenced story: steps that open as the relationship grows.</summary>
public sealed class StorylineSnapshot
{
    public required string Id { get; init; }

    /// <summary>Least time between two decisions of this story for one consumer, milliseconds; 0: none.</summary>
    public required long GapMs { get; init; }

    public required Restart Restart { get; init; }

    public required EventTypeSet Exit { get; init; }

    /// <summary>In story order. Set once by the compiler.</summary>
    public StepSnapshot[] Steps
    {
        get;
        set
        {
            field = value;
            MayOpenAt = [.. Enum.GetValues<DeeplinkStage>().Select(stage => value.Where(step => step.MayOpenAt(stage)).Reverse().ToArray())];
        }
    } = [];

    /// <summary>By <see cref="DeeplinkStage"/>: the steps that may be open at it, furthest first, so that a search passes the others by.</summary>
    public StepSnapshot[][] MayOpenAt { get; private set; } = [.. Enum.GetValues<DeeplinkStage>().Select(_ => Array.Empty<StepSnapshot>())];
}

public sealed class StepSnapshot
{
    public required StorylineSnapshot Storyline { get; init; }

    public required string Id { get; init; }

    /// <summary>The server's number for (storyline, step) of this brand; never reused.</summary>
    public required int Symbol { get; init; }

    /// <summary>Position in the storyline, from 0.</summary>
    public required int Index { get; init; }

    public required StageSet For { get; init; }

    /// <summary>The intent score from which the step is open, 0 to 100; null: intent does not open it.</summary>
    public required double? MinIntent { get; init; }

    public required StepCondition[] After { get; init; }

    /// <summary>Channels it may serve on; empty: all.</summary>
    public required FrozenSet<string> Channels { get; init; }

    /// <summary>Active creatives by fit, in document order within a group.</summary>
    public required FitGroup[] Fits { get; init; }

    /// <summary>All creatives of the step, paused ones too, in document order.</summary>
    public required CreativeSnapshot[] Creatives { get; init; }

    /// <summary>Stands in where none of the creatives can serve.</summary>
    public required CreativeSnapshot? Substitute { get; init; }

    public required CapRule[] Caps { get; init; }

    public required bool Paused { get; init; }

    public required StepBranch[] Branches { get; init; }

    /// <summary>Whether the step can be open at a stage: by the stage itself, or by what happened or intent, which no stage rules out.</summary>
    public bool MayOpenAt(DeeplinkStage stage) => ((int)For >> (int)stage & 1) != 0 || After.Length > 0 || MinIntent is not null;
}

/// <summary>Opens a step: an earlier step met with an interaction a number of times.</summary>
public readonly record struct StepCondition(int StepIndex, EventType On, int Times);

/// <summary>Leads from a step to another on an interaction.</summary>
public readonly record struct StepBranch(EventType On, int ToStepIndex);

public sealed class CampaignSnapshot
{
    private readonly Offer[][] _offers = [];

    public required BrandSnapshot Brand { get; init; }

    public required string Id { get; init; }

    /// <summary>The server's number for this campaign of its brand; never reused.</summary>
    public required int Symbol { get; init; }

    public required string? Objective { get; init; }

    public required StorylineSnapshot Storyline
    {
        get;
        init
        {
            field = value;
            _offers = Array.ConvertAll(value.Steps, OffersOf);
        }
    }

    public required Priority Priority { get; init; }

    /// <summary>First instant of the flight; <see cref="long.MinValue"/> where open.</summary>
    public required long From { get; init; }

    /// <summary>First instant after the flight; <see cref="long.MaxValue"/> where open.</summary>
    public required long Until { get; init; }

    public required bool Paused { get; init; }

    public required PriceModel PriceModel { get; init; }

    /// <summary>The document's amount in micros: per thousand impressions, per click, or for the flight.</summary>
    public required long PriceMicros { get; init; }

    /// <summary>Micros charged for one impression (cpm) or one click (cpc); 0 for flat and none.</summary>
    public required long UnitPriceMicros { get; init; }

    /// <summary>
    /// Expected value of one impression in units of the brand's currency before anything is learned: its price, or a click's price times
    /// <see cref="PriorClickRate"/>; 0 for flat and none.
    /// </summary>
    public double PriorValue => PriceModel switch
    {
        PriceModel.Cpm => UnitPriceMicros / 1e6,
        PriceModel.Cpc => UnitPriceMicros / 1e6 * PriorClickRate,
        _ => 0,
    };

    /// <summary>Clicks an impression before anything is learned.</summary>
    public const double PriorClickRate = 0.01;

    public required BudgetSnapshot? Budget { get; init; }

    public required TargetingSnapshot Targeting { get; init; }

    public required CapRule[] Caps { get; init; }

    /// <summary>Share of consumers, 0 to 1, who never get this campaign.</summary>
    public required double Holdout { get; init; }

    /// <summary>Whether some consumers never get it: by its own holdout or by the brand's.</summary>
    public bool HoldsOut => Holdout > 0 || Brand.BrandHoldout > 0;

    /// <summary>The date and the counts by stage that the campaign is to reach; null where none is set.</summary>
    public required GoalSnapshot? Goal { get; init; }

    /// <summary>What the campaign can show in a step of its storyline: one offer a group of <see cref="StepSnapshot.Fits"/>, in that order, then the substitute's.</summary>
    public ReadOnlySpan<Offer> Offers(StepSnapshot step) => _offers[step.Index];

    private Offer[] OffersOf(StepSnapshot step) =>
        [.. step.Fits.Select(g => new Offer(this, step, g.Creatives)), .. step.Substitute is { } s ? [new Offer(this, step, [s])] : Array.Empty<Offer>()];
}

/// <summary>What a campaign can show in one step: creatives that fit the same placements.</summary>
public sealed record Offer(CampaignSnapshot Campaign, StepSnapshot Step, CreativeSnapshot[] Creatives);

/// <summary>Money a campaign may spend, in micros of the brand's currency.</summary>
/// <param name="TotalMicros">Null: unlimited.</param>
/// <param name="DailyMicros">Per local day; null: unlimited.</param>
/// <param name="Pacing">As it is applied now: <c>calendar</c> and <c>front</c> pace as <c>even</c> until their own work lands.</param>
/// <param name="Phases">Named phases of a calendar, in order.</param>
public sealed record BudgetSnapshot(long? TotalMicros, long? DailyMicros, Pacing Pacing, BudgetPhase[] Phases);

/// <param name="Name">The phase's name.</param>
/// <param name="Until">First instant after the phase.</param>
/// <param name="Share">Share of the total, 0 to 1.</param>
public sealed record BudgetPhase(string Name, long Until, double Share);

/// <param name="Until">First instant after the goal's date.</param>
/// <param name="Counts">Consumers wanted by stage.</param>
public sealed record GoalSnapshot(DateOnly Date, long Until, IReadOnlyDictionary<Stage, long> Counts);

/// <summary>Whom a campaign is for. Empty sets do not restrict.</summary>
public sealed class TargetingSnapshot
{
    public static TargetingSnapshot Everyone { get; } = new() { Include = [], Exclude = [], Channels = FrozenSet<string>.Empty, Countries = FrozenSet<string>.Empty };

    /// <summary>The consumer must be in one of these.</summary>
    public required Audience[] Include { get; init; }

    /// <summary>The consumer must be in none of these.</summary>
    public required Audience[] Exclude { get; init; }

    public required FrozenSet<string> Channels { get; init; }

    public required FrozenSet<string> Countries { get; init; }

    /// <summary>True where a profile must be read to decide.</summary>
    public bool NeedsProfile => Include.Length + Exclude.Length > 0;
}

/// <summary>A condition on a consumer; a closed tree of the kinds below.</summary>
public abstract record Audience
{
    public sealed record All(Audience[] Parts) : Audience;

    public sealed record Any(Audience[] Parts) : Audience;

    public sealed record Not(Audience Part) : Audience;

    /// <summary>The attribute equals one of the values.</summary>
    public sealed record AttributeIn(string Name, AttributeValue[] Values) : Audience;

    /// <summary>The attribute is a number within the bounds, both inclusive; null: open.</summary>
    public sealed record AttributeBetween(string Name, double? From, double? To) : Audience;

    /// <summary>At least so many live events of the type within the last milliseconds.</summary>
    public sealed record Happened(EventType Type, long WithinMs, int AtLeast) : Audience;

    public sealed record InStage(StageSet Stages) : Audience;

    /// <summary>Intent score within the bounds, both inclusive.</summary>
    public sealed record IntentBetween(double? From, double? To) : Audience;
}

/// <summary>What an attribute can be: text, a number or a truth value.</summary>
public readonly record struct AttributeValue(string? Text, double Number, AttributeKind Kind)
{
    public static AttributeValue Of(string text) => new(text, 0, AttributeKind.Text);

    public static AttributeValue Of(double number) => new(null, number, AttributeKind.Number);

    public static AttributeValue Of(bool value) => new(null, value ? 1 : 0, AttributeKind.Boolean);
}

public enum AttributeKind : byte { Text, Number, Boolean }
