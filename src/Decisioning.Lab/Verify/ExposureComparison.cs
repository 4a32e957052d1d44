using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>Compares the exposures of one consumer with one brand, each with all its interactions.</summary>
internal static class ExposureComparison
{
    public static void Run(
        BrandSnapshot brand, ExposureRecount exposures, IEnumerable<RecountedExposure> counting, RelationshipView relationship, string where, VerifyReport report)
    {
        Dictionary<string, int> left = [];
        foreach (RecountedExposure exposure in counting.Where(e => e.Brand == brand.Symbol))
        {
            string text = Text(exposure, brand);
            left[text] = left.GetValueOrDefault(text) + 1;
        }

        foreach (ExposureView exposure in relationship.Exposures)
        {
            string text = Text(exposure);
            int count = left.GetValueOrDefault(text);
            if (count == 0)
            {
                report.Add(new Mismatch(where, $"the engine has an exposure that the journal does not give: {text}"));
            }

            left[text] = count - 1;
        }

        foreach ((string text, int count) in left.Where(l => l.Value > 0 && !exposures.Crowded))
        {
            report.Add(new Mismatch(where, $"the engine has {count} exposures too few: {text}"));
        }
    }

    private static string Text(RecountedExposure e, BrandSnapshot brand) => Text(
        e.At, brand.Symbols.NameOf(SymbolKind.Campaign, e.Campaign), brand.Symbols.NameOf(SymbolKind.Step, e.Step),
        brand.Symbols.NameOf(SymbolKind.Creative, e.Creative), e.Confirmed ? "confirmed" : "reserved", e.Late, e.Interactions.Select(Names.Of));

    private static string Text(ExposureView e) => Text(
        e.At, e.Campaign, e.Storyline is null ? null : $"{e.Storyline}/{e.Step}", e.Creative, e.State, e.Late, e.Interactions);

    private static string Text(long at, string? campaign, string? step, string? creative, string state, bool late, IEnumerable<string> interactions) =>
        $"at {at}, campaign {campaign ?? "-"}, step {step ?? "-"}, creative {creative ?? "-"}, {(late ? "late " : "")}{state} [{string.Join(' ', interactions)}]";
}
