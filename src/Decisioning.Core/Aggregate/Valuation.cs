using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Aggregate;

/// <summary>
/// What a consumer of each stage is worth: purchasing power × conversion power. Both are shrunk towards what is expected without data, as if
/// <see cref="PriorConsumers"/> consumers had been seen to behave so: a stage with few consumers is neither worthless nor priceless by chance.
/// </summary>
public static class Valuation
{
    /// <summary>Weight of what is expected, in consumers.</summary>
    public const int PriorConsumers = 50;

    /// <summary>Brands from which on an industry is compared.</summary>
    public const int LeastBrands = 5;

    private const double Millionths = 1e6;

    /// <summary>P(purchase in 30 d) that is expected of a stage: the shares of the campaign-planning table in DOMAIN (0.5, 3, 8 and 20 %).</summary>
    public static double ExpectedConversion(Stage stage) => stage switch
    {
        Stage.Awareness => 0.005,
        Stage.Interest => 0.03,
        Stage.Purchase => 0.08,
        Stage.Loyalty => 0.2,
        _ => 0,
    };

    /// <summary>P(purchase in 30 d | stage), from those who were in the stage 30 d ago.</summary>
    public static double Conversion(in StageTally tally, Stage stage) =>
        (tally.Bought + PriorConsumers * ExpectedConversion(stage)) / (tally.Cohort + PriorConsumers);

    /// <summary>The stage's mean spend with the brand on the industry's mean; 1 where the industry has not sold anything.</summary>
    /// <param name="industryMean">Mean spend in 365 d of everybody known to a brand of the industry, micros.</param>
    public static double PurchasingPower(in StageTally tally, double industryMean) => industryMean <= 0
        ? 1
        : (tally.SpendMicros + PriorConsumers * industryMean) / (tally.Consumers + PriorConsumers) / industryMean;

    public static AssetPowers Powers(Appraisal appraisal)
    {
        return new AssetPowers(Of(Stage.Awareness), Of(Stage.Interest), Of(Stage.Purchase), Of(Stage.Loyalty));

        long Of(Stage stage)
        {
            StageTally tally = appraisal.Stages[(int)stage];
            return (long)Math.Round(PurchasingPower(tally, appraisal.MarketMean) * Conversion(tally, stage) * Millionths);
        }
    }

    /// <summary>Each brand's assets per consumer on their mean = 100; none under five brands or where the mean is 0.</summary>
    public static double?[] IndustryIndex(IReadOnlyList<double> assetsPerConsumer)
    {
        double mean = assetsPerConsumer.Count < LeastBrands ? 0 : assetsPerConsumer.Average();
        return [.. assetsPerConsumer.Select(own => mean > 0 ? own / mean * 100 : default(double?))];
    }
}
