using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>Compares times spent in stages: how many left each exactly, the quartiles as near as the buckets of the engine's histogram let them be.</summary>
internal static class DwellCheck
{
    /// <summary>Eight buckets an octave, told by their middles: half a bucket on a time that is at least eight buckets long.</summary>
    private const double Tolerance = 1.0 / 16;

    public static void Run(string where, int brand, StageDwell[] held, DwellRecount recounted, VerifyReport report)
    {
        foreach (Stage stage in Enum.GetValues<Stage>())
        {
            StageDwell has = held.FirstOrDefault(d => d.Stage == stage);
            long[] spent = [.. recounted.Of(brand, stage).Order()];
            if (spent.Length != has.Left)
            {
                report.Add(new Mismatch(where, $"dwell in {Names.Of(stage)}: recounted {spent.Length} who left, the engine has {has.Left}"));
            }
            else if (spent.Length > 0)
            {
                Compare("lower quartile", 1, has.LowerQuartileMs);
                Compare("median", 2, has.MedianMs);
                Compare("upper quartile", 3, has.UpperQuartileMs);
            }

            void Compare(string name, int quarter, long told)
            {
                long exact = spent[(spent.Length * quarter + 3) / 4 - 1];
                if (Math.Abs(told - exact) > Math.Max(1, exact * Tolerance))
                {
                    report.Add(new Mismatch(where, $"dwell in {Names.Of(stage)}, {name}: recounted {exact} ms, the engine has {told} ms"));
                }
            }
        }
    }
}
