using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Aggregate;

/// <summary>What one side of a comparison of assets holds of a stage.</summary>
/// <param name="Consumers">0 or more.</param>
/// <param name="PurchasingPower">0 or more.</param>
/// <param name="ConversionPower">0 or more.</param>
public readonly record struct AssetFactors(Stage Stage, double Consumers, double PurchasingPower, double ConversionPower)
{
    public double Value => Consumers * PurchasingPower * ConversionPower;
}

/// <summary>A change split into its three causes, which sum to it.</summary>
public readonly record struct AssetChange(double Consumers, double PurchasingPower, double ConversionPower)
{
    public double Total => Consumers + PurchasingPower + ConversionPower;
}

/// <summary>
/// Splits a change of assets between two dates into the part of each factor by log-mean Divisia weights (LMDI-I, additive), without residual: for each stage
/// the weight of a factor is L(after, before) · ln(factor after ÷ factor before), where L is the logarithmic mean. Where a factor is 0 on one side, the limit as
/// it goes to 0 holds: the factors that vanish share the change, in equal parts where several do.
/// </summary>
public static class Lmdi
{
    /// <param name="before">By stage; a stage that is missing on one side is worth nothing there.</param>
    /// <param name="after">By stage.</param>
    public static AssetChange Split(IReadOnlyList<AssetFactors> before, IReadOnlyList<AssetFactors> after)
    {
        var change = new AssetChange();
        foreach (Stage stage in before.Concat(after).Select(f => f.Stage).Distinct())
        {
            AssetChange part = Split(Of(before, stage), Of(after, stage));
            change = new AssetChange(
                change.Consumers + part.Consumers, change.PurchasingPower + part.PurchasingPower, change.ConversionPower + part.ConversionPower);
        }

        return change;
    }

    private static AssetFactors Of(IReadOnlyList<AssetFactors> side, Stage stage) => side.FirstOrDefault(f => f.Stage == stage);

    private static AssetChange Split(in AssetFactors before, in AssetFactors after)
    {
        double delta = after.Value - before.Value;
        if (before.Value > 0 && after.Value > 0)
        {
            double weight = delta == 0 ? after.Value : delta / Math.Log(after.Value / before.Value);
            double consumers = weight * Math.Log(after.Consumers / before.Consumers);
            double purchasing = weight * Math.Log(after.PurchasingPower / before.PurchasingPower);
            return new AssetChange(consumers, purchasing, delta - consumers - purchasing);
        }

        bool c = Vanishes(before.Consumers, after.Consumers);
        bool p = Vanishes(before.PurchasingPower, after.PurchasingPower);
        bool v = Vanishes(before.ConversionPower, after.ConversionPower);
        double share = delta / Math.Max(1, (c ? 1 : 0) + (p ? 1 : 0) + (v ? 1 : 0));
        return new AssetChange(c ? share : 0, p ? share : 0, v ? share : 0);
    }

    private static bool Vanishes(double before, double after) => before > 0 != after > 0;
}
