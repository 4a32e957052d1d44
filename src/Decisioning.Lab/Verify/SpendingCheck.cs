using Decisioning.Core.Catalogue;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Folder;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>
/// Compares what campaigns have spent, as stored with the checkpoint, with the sum of all charges journalled up to it. Where the journal's beginning was trimmed
/// or records were scrubbed, what is left can only be a part of what was spent.
/// </summary>
internal static class SpendingCheck
{
    public static void Run(DataFolder folder, JournalSurvey survey, MoneyRecount money, VerifyReport report)
    {
        bool exact = !survey.Trimmed && !survey.AnyScrubbed;
        Dictionary<(int Brand, int Campaign), SpendingRow> stored = folder.Store.ReadSpending().ToDictionary(r => (r.Brand, r.Campaign));
        foreach ((int brand, int campaign) in stored.Keys.Union(money.Campaigns.Keys))
        {
            Spending expected = money.Campaigns.GetValueOrDefault((brand, campaign));
            SpendingRow row = stored.GetValueOrDefault((brand, campaign));
            if (exact ? row.Total != expected.Total : row.Total < expected.Total)
            {
                report.Add(new Mismatch(NameOf(folder.Catalogue, brand, campaign), $"spent: the journal's charges make {expected.Total} micros, the engine has {row.Total}"));
            }

            if (exact && expected.Day is { } day && row.Day == day && row.Today != expected.Today)
            {
                report.Add(new Mismatch(
                    NameOf(folder.Catalogue, brand, campaign), $"spent on day {day}: the journal's charges make {expected.Today} micros, the engine has {row.Today}"));
            }
        }
    }

    private static string NameOf(CatalogueSnapshot catalogue, int brand, int campaign) => catalogue.Find(brand) is { } found
        ? $"campaign {found.Id}/{found.Symbols.NameOf(SymbolKind.Campaign, campaign) ?? $"number {campaign}"}"
        : $"campaign {campaign} of brand {brand}, which is gone";
}
