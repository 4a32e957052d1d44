using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>
/// What holds of books whatever the journal has: each hour's end is its beginning with what came and without what went; what consumers are worth is their number times the powers in
/// force, and every cut of the ledger sums to it.
/// </summary>
internal static class BooksInvariants
{
    /// <summary>Hourly rows are kept for 800 d; of books that old, the oldest ones are gone.</summary>
    private const long KeptFor = 799 * RecountRules.Day;

    public static void Run(string where, BrandPulse pulse, SortedDictionary<long, HourRow> rows, VerifyReport report)
    {
        CheckLevels(where, pulse, rows, report);
        CheckAssets(where, pulse.Assets, report);
    }

    private static void CheckLevels(string where, BrandPulse pulse, SortedDictionary<long, HourRow> rows, VerifyReport report)
    {
        long[] level = BeginningOf(rows);
        foreach (HourRow row in rows.Values)
        {
            level = After(level, row);
            if (row.IsPart)
            {
                // Alone in its hour, with levels of no moment.
                continue;
            }

            for (int stage = 0; stage < level.Length; stage++)
            {
                if (level[stage] != row.Levels[stage])
                {
                    report.Add(new Mismatch(
                        where, $"hour {FigureTelling.HourText(row.Hour)}, {NameOf(stage)}: start + in − out make {level[stage]}, the engine has {row.Levels[stage]} at its end"));
                    level[stage] = row.Levels[stage];
                }
            }
        }

        for (int stage = 0; stage < level.Length; stage++)
        {
            if (level[stage] != pulse.Deeplink[stage])
            {
                report.Add(new Mismatch(where, $"{NameOf(stage)}: the last hour ends with {level[stage]}, the engine counts {pulse.Deeplink[stage]}"));
            }
        }
    }

    /// <summary>Nobody, where the oldest row is that of the brand's first hour; where older ones were dropped, what it says.</summary>
    private static long[] BeginningOf(SortedDictionary<long, HourRow> rows)
    {
        HourRow? oldest = rows.Values.FirstOrDefault();
        if (oldest is null || rows.Keys.Last() - oldest.Hour < KeptFor)
        {
            return new long[Names.AllDeeplinkStages.Count];
        }

        long[] still = new long[oldest.Levels.Length];
        long[] change = After(still, oldest);
        return [.. change.Select((by, stage) => oldest.Levels[stage] - by)];
    }

    private static long[] After(long[] level, HourRow row)
    {
        long[] after = [.. level];
        after[(int)DeeplinkStage.None] += row.Value(FigureNames.Known);
        foreach (HourFlow flow in row.Flows)
        {
            Move(after, flow.From, -flow.Count);
            Move(after, flow.To, flow.Count);
        }

        return after;
    }

    private static void Move(long[] level, FlowEnd end, long by)
    {
        if ((int)end < level.Length)
        {
            level[(int)end] += by;
        }
    }

    private static void CheckAssets(string where, AssetTotals assets, VerifyReport report)
    {
        Compare("by stage", assets.Stages.Sum(s => s.ValueMicros));
        Compare("by cause", assets.ByCause.Sum(c => c.DeltaMicros));
        Compare("by channel", assets.ByChannel.Sum(c => c.DeltaMicros));
        Compare("by creative", assets.ByCreative.Sum(c => c.DeltaMicros));

        void Compare(string cut, long sum)
        {
            if (sum != assets.ValueMicros)
            {
                report.Add(new Mismatch(where, $"assets {cut}: the parts make {sum}, the ledger has {assets.ValueMicros}"));
            }
        }
    }

    private static string NameOf(int stage) => Names.Of((DeeplinkStage)stage);
}
