namespace Decisioning.Core.Catalogue;

/// <summary>What a creative is made of; a placement lists those it takes.</summary>
public enum CreativeFormat : byte { Video, Image, Html, Native }

/// <summary>The order of campaigns before value is looked at: lower serves first; house fills what is left.</summary>
public enum Priority : byte { Sponsorship, Standard, House }

/// <summary>What a campaign pays for: a thousand impressions, a click, or the flight as a whole.</summary>
public enum PriceModel : byte { None, Cpm, Cpc, Flat }

/// <summary>How a budget is spread over time.</summary>
public enum Pacing : byte { Even, Front, Asap, Calendar }

/// <summary>When the first steps of a story may come again.</summary>
public enum Restart : byte { Never, Week, Month }

/// <summary>AIPL, the coarse relationship stage; ordered by closeness.</summary>
public enum Stage : byte { None, Awareness, Interest, Purchase, Loyalty }

/// <summary>DEEPLINK, the fine relationship stage nested in AIPL; ordered by closeness.</summary>
public enum DeeplinkStage : byte { None, Discover, Engage, Enthuse, Perform, Initial, Numerous, Keen }

/// <summary>A set of DEEPLINK stages, one bit each (bit n = the stage with value n). AIPL names are sets of their fine stages.</summary>
[Flags]
public enum StageSet : byte
{
    Empty = 0,
    None = 1 << DeeplinkStage.None,
    Discover = 1 << DeeplinkStage.Discover,
    Engage = 1 << DeeplinkStage.Engage,
    Enthuse = 1 << DeeplinkStage.Enthuse,
    Perform = 1 << DeeplinkStage.Perform,
    Initial = 1 << DeeplinkStage.Initial,
    Numerous = 1 << DeeplinkStage.Numerous,
    Keen = 1 << DeeplinkStage.Keen,
    Awareness = Discover | Engage,
    Interest = Enthuse | Perform,
    Purchase = Initial,
    Loyalty = Numerous | Keen,
}

/// <summary>Everything that can happen between a consumer and a brand, as named on the wire (snake_case there).</summary>
public enum EventType : byte
{
    Impression, Viewable, Watched, Skip, Click, Engage, Dismiss,
    View, ContentEngage, ShopVisit, Follow, BrandSearch, Favorite, CouponClaim, Cart,
    Search, SampleClaim, Unfollow, Unfavorite, RemoveFromCart, Deposit, Purchase, Refund, Review, JoinMember, LeaveMember,
}

/// <summary>A set of event types, one bit each (bit n = the type with value n).</summary>
public readonly record struct EventTypeSet(uint Bits)
{
    public bool Contains(EventType type) => (Bits >> (int)type & 1) != 0;

    public EventTypeSet With(EventType type) => new(Bits | 1u << (int)type);
}

/// <summary>The wire names of the vocabulary and the way back; one table each, used by the catalogue, the API and the lab.</summary>
public static class Names
{
    private static readonly string[] EventTypes =
    [
        "impression", "viewable", "watched", "skip", "click", "engage", "dismiss",
        "view", "content_engage", "shop_visit", "follow", "brand_search", "favorite", "coupon_claim", "cart",
        "search", "sample_claim", "unfollow", "unfavorite", "remove_from_cart", "deposit", "purchase", "refund", "review", "join_member", "leave_member",
    ];

    private static readonly string[] Stages = ["none", "awareness", "interest", "purchase", "loyalty"];
    private static readonly string[] DeeplinkStages = ["none", "discover", "engage", "enthuse", "perform", "initial", "numerous", "keen"];
    private static readonly string[] Formats = ["video", "image", "html", "native"];
    private static readonly string[] Priorities = ["sponsorship", "standard", "house"];

    private static readonly System.Collections.Frozen.FrozenDictionary<string, EventType> EventTypesByName =
        System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(Enum.GetValues<EventType>(), Of, StringComparer.Ordinal);

    public static IReadOnlyList<string> AllEventTypes => EventTypes;

    public static IReadOnlyList<string> AllStages => Stages;

    public static IReadOnlyList<string> AllDeeplinkStages => DeeplinkStages;

    public static IReadOnlyList<string> AllFormats => Formats;

    public static IReadOnlyList<string> AllPriorities => Priorities;

    public static string Of(EventType type) => EventTypes[(int)type];

    public static string Of(Stage stage) => Stages[(int)stage];

    public static string Of(DeeplinkStage stage) => DeeplinkStages[(int)stage];

    public static string Of(CreativeFormat format) => Formats[(int)format];

    public static string Of(Priority priority) => Priorities[(int)priority];

    public static bool TryParse(string name, out EventType type) => EventTypesByName.TryGetValue(name, out type);

    public static bool TryParse(ReadOnlySpan<char> name, out EventType type) =>
        EventTypesByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out type);

    /// <summary>The coarse stage that a fine stage is nested in.</summary>
    public static Stage Aipl(DeeplinkStage stage) => stage switch
    {
        DeeplinkStage.None => Stage.None,
        DeeplinkStage.Discover or DeeplinkStage.Engage => Stage.Awareness,
        DeeplinkStage.Enthuse or DeeplinkStage.Perform => Stage.Interest,
        DeeplinkStage.Initial => Stage.Purchase,
        _ => Stage.Loyalty,
    };
}
