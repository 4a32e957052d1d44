using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Folder;

namespace Decisioning.Lab.Export;

/// <summary>The names behind the numbers of a journal; a brand that is gone is told by its number.</summary>
internal sealed class ExportSource(DataFolder folder)
{
    private const string MarkPrefix = "\u0001ctx:";

    public string BrandOf(int brand) => folder.Catalogue.Find(brand)?.Id ?? $"#{brand}";

    public string? CurrencyOf(int brand) => folder.Catalogue.Find(brand)?.Currency;

    public string? CampaignOf(int brand, int campaign) => NameOf(brand, SymbolKind.Campaign, campaign);

    public string? CreativeOf(int brand, int creative) => NameOf(brand, SymbolKind.Creative, creative);

    public string? StorylineOf(int brand, int step) => Step(brand, step)?.Storyline;

    public string? StepOf(int brand, int step) => Step(brand, step)?.Step;

    /// <summary>The consumer's id; null for nobody: a contextual decision, or the mark its interactions are kept under.</summary>
    public static string? ConsumerOf(in TurnRecord record)
    {
        string id = Encoding.UTF8.GetString(Turn.ConsumerIdOf(record.Payload.Span));
        return id.Length == 0 || id.StartsWith(MarkPrefix, StringComparison.Ordinal) ? null : id;
    }

    private (string Storyline, string Step)? Step(int brand, int step)
    {
        string? name = NameOf(brand, SymbolKind.Step, step);
        int slash = name?.IndexOf('/') ?? -1;
        return slash < 0 ? null : (name![..slash], name[(slash + 1)..]);
    }

    private string? NameOf(int brand, SymbolKind kind, int symbol) => folder.Catalogue.Find(brand)?.Symbols.NameOf(kind, symbol);
}
