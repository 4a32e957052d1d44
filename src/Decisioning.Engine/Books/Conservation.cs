using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;

namespace Decisioning.Engine.Books;

/// <summary>
/// What must agree within a brand's books whoever its consumers are: every cut of deliveries, spend and assets sums to the same, and powers follow from what they
/// were worked out from.
/// </summary>
internal static class Conservation
{
    private static readonly (string Name, Func<Delivery, long> Of)[] Figures =
    [
        ("won", static d => d.Won), ("rendered", static d => d.Rendered), ("viewable", static d => d.Viewable), ("watched", static d => d.Watched),
        ("skips", static d => d.Skips), ("clicks", static d => d.Clicks), ("engagements", static d => d.Engagements), ("dismissals", static d => d.Dismissals),
        ("late", static d => d.Late), ("conversions", static d => d.ConversionsMicros), ("revenue", static d => d.RevenueMicros),
        ("credits", static d => d.CreditsMicros), ("spend", static d => d.SpendMicros),
    ];

    /// <param name="totals">The books, with nothing folded meanwhile.</param>
    /// <param name="brand">The live one: what the books name, it knows.</param>
    /// <returns>Each names the cut that does not sum to what the books hold.</returns>
    public static IReadOnlyList<RecountMismatch> Faults(BrandTotals totals, BrandSnapshot brand)
    {
        BrandPulse pulse = totals.TakePulse(brand, new PulseInputs
        {
            Version = 0,
            AsOf = 0,
            RulesVersion = brand.Version,
            Reclassifying = false,
            MoneyOf = static _ => default,
            Intent = new IntentHistogram(0, []),
            IndustryIndex = null,
        });
        List<RecountMismatch> faults = [];
        Delivery[] campaigns = [.. pulse.Campaigns.Select(c => c.Delivery with { SpendMicros = c.Delivery.SpendMicros - c.FeeMicros })];
        AddDeliveries(faults, "creative", campaigns, [.. pulse.Creatives.Select(c => c.Delivery)]);
        AddDeliveries(faults, "step", campaigns, [.. pulse.Steps.Select(s => s.Delivery)]);
        AddDeliveries(faults, "channel", campaigns, [.. pulse.Channels.Select(c => c.Delivery)]);
        Add(faults, "spend.by_campaign", pulse.Spend.TotalMicros, pulse.Campaigns.Sum(c => c.Delivery.SpendMicros));
        Add(faults, "assets.by_stage", pulse.Assets.ValueMicros, pulse.Assets.Stages.Sum(s => s.ValueMicros));
        Add(faults, "assets.by_cause", pulse.Assets.ValueMicros, pulse.Assets.ByCause.Sum(s => s.DeltaMicros));
        Add(faults, "assets.by_channel", pulse.Assets.ValueMicros, pulse.Assets.ByChannel.Sum(s => s.DeltaMicros));
        Add(faults, "assets.by_creative", pulse.Assets.ValueMicros, pulse.Assets.ByCreative.Sum(s => s.DeltaMicros));
        AddPowers(faults, totals);
        return faults;
    }

    private static void AddPowers(List<RecountMismatch> faults, BrandTotals totals)
    {
        if (totals.Appraisal is not { } appraisal)
        {
            return;
        }

        AssetPowers powers = Valuation.Powers(appraisal);
        foreach (Stage stage in Enum.GetValues<Stage>())
        {
            Add(faults, $"assets.power.{Names.Of(stage)}", totals.Powers.Of(stage), powers.Of(stage));
        }
    }

    private static void AddDeliveries(List<RecountMismatch> faults, string cut, Delivery[] campaigns, Delivery[] parts)
    {
        foreach ((string name, Func<Delivery, long> of) in Figures)
        {
            Add(faults, $"delivery.{name}.by_{cut}", campaigns.Sum(of), parts.Sum(of));
        }
    }

    private static void Add(List<RecountMismatch> faults, string figure, long held, long summed)
    {
        if (held != summed)
        {
            faults.Add(new RecountMismatch(figure, held, summed));
        }
    }
}
