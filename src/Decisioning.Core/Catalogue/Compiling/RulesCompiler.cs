using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Compiles <c>rules</c>: how a brand reads evidence.</summary>
internal sealed class RulesCompiler(FieldReader fields, IndustryTable industries, string industry)
{
    private const long DefaultReserve = 10 * Durations.Minute;

    private static readonly string[] Known = ["windows", "awarenessFrom", "adClick", "keenSpend", "reserve", "intent", "attribution"];
    private static readonly string[] KnownWindows = ["awareness", "interest", "purchase", "loyalty"];
    private static readonly string[] KnownIntent = ["weights", "halfLife", "caps", "afterPurchase"];
    private static readonly string[] KnownAttribution = ["click", "viewable"];
    private static readonly string[] AwarenessSources = ["impression", "viewable"];
    private static readonly string[] AdClickStages = ["awareness", "interest"];
    private static readonly string[] BehaviourNames = [.. IntentRules.Behaviours.Select(Names.Of)];

    // DOMAIN's table, in the order of IntentRules.Behaviours.
    private static readonly IntentRule[] DefaultIntent =
    [
        new(0.1, 3 * Durations.Day, 5), new(0.15, 3 * Durations.Day, 5), new(0.2, 3 * Durations.Day, 5), new(0.4, 15 * Durations.Day, 1),
        new(0.6, 5 * Durations.Day, 3), new(0.6, 7 * Durations.Day, 3), new(0.7, 7 * Durations.Day, 2), new(1, 7 * Durations.Day, 3),
    ];

    public BrandRules Compile(Node? node)
    {
        ObjectView? rules = fields.Object(node, Known);
        ObjectView? windows = fields.Object(rules?.Find("windows"), KnownWindows);
        ObjectView? intent = fields.Object(rules?.Find("intent"), KnownIntent);
        ObjectView? attribution = fields.Object(rules?.Find("attribution"), KnownAttribution);
        return new BrandRules
        {
            AwarenessWindow = Window(windows, "awareness", CatalogueBounds.AwarenessWindow, 15 * Durations.Day),
            InterestWindow = Window(windows, "interest", CatalogueBounds.InterestWindow, 15 * Durations.Day),
            PurchaseWindow = Window(windows, "purchase", CatalogueBounds.PurchaseWindow, 910 * Durations.Day),
            LoyaltyWindow = Window(windows, "loyalty", CatalogueBounds.LoyaltyWindow, 365 * Durations.Day),
            AwarenessFromImpression = fields.Choice(rules?.Find("awarenessFrom"), AwarenessSources) is null or 0,
            AdClickIsInterest = fields.Choice(rules?.Find("adClick"), AdClickStages) == 1,
            KeenSpendMicros = fields.Amount(rules?.Find("keenSpend")),
            ReserveMs = fields.Duration(rules?.Find("reserve"), 0, CatalogueBounds.Reserve) ?? DefaultReserve,
            Intent = CompileIntent(intent),
            AfterPurchase = fields.Number(intent?.Find("afterPurchase"), 0, 1) ?? 0,
            ClickLookBack = Window(attribution, "click", CatalogueBounds.LookBack, 15 * Durations.Day),
            ViewableLookBack = Window(attribution, "viewable", CatalogueBounds.LookBack, 3 * Durations.Day),
        };
    }

    private long Window(ObjectView? windows, string name, long max, long fallback) =>
        fields.Duration(windows?.Find(name), Durations.Second, max) ?? fallback;

    // What the brand states is final; the industry's multiplier touches defaults only.
    private IntentRule[] CompileIntent(ObjectView? intent)
    {
        ObjectView? weights = fields.Object(intent?.Find("weights"), BehaviourNames);
        ObjectView? halfLives = fields.Object(intent?.Find("halfLife"), BehaviourNames);
        ObjectView? caps = fields.Object(intent?.Find("caps"), BehaviourNames);
        IntentRule[] rules = new IntentRule[DefaultIntent.Length];
        for (int i = 0; i < rules.Length; i++)
        {
            EventType behaviour = IntentRules.Behaviours[i];
            string name = BehaviourNames[i];
            IntentRule standard = DefaultIntent[i];
            rules[i] = new IntentRule(
                fields.Number(weights?.Find(name), 0, double.MaxValue) ?? standard.Weight * industries.MultiplierOf(industry, behaviour),
                Window(halfLives, name, CatalogueBounds.HalfLife, standard.HalfLifeMs),
                fields.Positive(caps?.Find(name)) ?? standard.Cap);
        }

        return rules;
    }
}
