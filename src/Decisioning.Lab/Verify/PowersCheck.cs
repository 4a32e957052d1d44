using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>
/// Compares what a brand's consumers are worth with what the pass that valued them had counted, by the formula of DOMAIN.md shrunk as if fifty consumers had behaved as
/// expected, and that with a recount of everybody.
/// </summary>
internal static class PowersCheck
{
    private const int Expected = 50;
    private const double Millionths = 1e6;

    /// <summary>P(purchase in 30 d) that is expected, by stage.</summary>
    private static readonly double[] Conversions = [0, 0.005, 0.03, 0.08, 0.2];

    /// <param name="held">As the engine has them.</param>
    /// <param name="recounted">Null: it was never valued, or it is not known what the values come from.</param>
    /// <param name="whole">Whether the journal holds everybody from the first turn on.</param>
    /// <param name="byStage">Whether stages then were of the rules that the brand has now.</param>
    public static void Run(string where, AssetPowers held, RecountedAppraisal? recounted, bool whole, Func<long, bool> byStage, VerifyReport report)
    {
        if (recounted is null)
        {
            return;
        }

        Appraisal counted = recounted.Counted;
        foreach (Stage stage in Enum.GetValues<Stage>().Where(s => s != Stage.None))
        {
            long power = PowerOf(stage, counted);
            if (Math.Abs(power - held.Of(stage)) > 1)
            {
                report.Add(new Mismatch(where, $"power of {Names.Of(stage)}: what the pass counted makes {power}, the engine has {held.Of(stage)}"));
            }
        }

        foreach ((string name, BoundedSum sum, long was) in whole ? recounted.Figures(byStage(counted.At)) : [])
        {
            if (!sum.Holds(was))
            {
                report.Add(new Mismatch(where, $"powers, {name}: recounted {sum}, the engine's pass counted {was}"));
            }
        }
    }

    private static long PowerOf(Stage stage, Appraisal counted)
    {
        StageTally of = counted.Stages[(int)stage];
        double market = counted.MarketConsumers == 0 ? 0 : (double)counted.MarketSpendMicros / counted.MarketConsumers;
        double purchasing = market == 0 ? 1 : (of.SpendMicros + Expected * market) / ((of.Consumers + Expected) * market);
        double conversion = (of.Bought + Expected * Conversions[(int)stage]) / (of.Cohort + Expected);
        return (long)Math.Round(purchasing * conversion * Millionths);
    }
}
