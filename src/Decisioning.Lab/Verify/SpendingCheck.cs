using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Folder;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>
/// Compares what campaigns have spent, as stored with the checkpoint, with the sum of all charges journalled up to it and of what the books hold of flat prices. Where the journal's beginning was trimmed
/// or records were scrubbed, what is left can only be a part of what was spent.
/// </summary>
internal static class SpendingCheck
{
    /// <param name="fees">What is booked of flat prices.</param>
    public static void Run(DataFolder folder, JournalSurvey survey, MoneyRecount money, IReadOnlyDictionary<(int Brand, int Campaign), FeeLine> fees, VerifyReport report)
    {
        bool exact = !survey.Trimmed && !survey.AnyScrubbed;
        Dictionary<(int Brand, int Campaign), SpendingRow> stored = folder.Store.ReadSpending().ToDictionary(r => (r.Brand, r.Campaign));
        foreach ((int brand, int campaign) in stored.Keys.Union(money.Campaigns.Keys).Union(fees.Keys))
        {
            Spending expected = money.Campaigns.GetValueOrDefault((brand, campaign));
            SpendingRow row = stored.GetValueOrDefault((brand, campaign));
            FeeLine fee = fees.GetValueOrDefault((brand, campaign));
            long total = expected.Total + fee.BookedMicros;
            string parts = fee.BookedMicros == 0 ? "the journal's charges" : "the journal's charges and the flat price";
            if (exact ? row.Total != total : row.Total < total)
            {
                report.Add(new Mismatch(NameOf(folder.Catalogue, brand, campaign), $"spent: {parts} make {total} micros, the engine has {row.Total}"));
            }

            // Of charges of a brand that is gone the days are not known.
            bool known = expected.Total == 0 || expected.Day is not null;
            long today = (row.Day == expected.Day ? expected.Today : 0) + (row.Day == fee.Day ? fee.DayMicros : 0);
            if (exact && known && row.Day == Math.Max(expected.Day ?? int.MinValue, fee.BookedMicros == 0 ? int.MinValue : fee.Day) && row.Today != today)
            {
                report.Add(new Mismatch(
                    NameOf(folder.Catalogue, brand, campaign), $"spent on day {row.Day}: {parts} make {today} micros, the engine has {row.Today}"));
            }
        }
    }

    private static string NameOf(CatalogueSnapshot catalogue, int brand, int campaign) => catalogue.Find(brand) is { } found
        ? $"campaign {found.Id}/{found.Symbols.NameOf(SymbolKind.Campaign, campaign) ?? $"number {campaign}"}"
        : $"campaign {campaign} of brand {brand}, which is gone";
}
