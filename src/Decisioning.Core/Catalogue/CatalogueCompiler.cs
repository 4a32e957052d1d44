namespace Decisioning.Core.Catalogue;

/// <summary>What compiling a document gives: a snapshot, or every fault in it.</summary>
/// <param name="Brand">Null where there are faults.</param>
/// <param name="Faults">Every fault, in document order.</param>
/// <param name="Warnings">What is accepted but not applied as written.</param>
public sealed record CompileResult(BrandSnapshot? Brand, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings);

/// <summary>What a document is compiled against.</summary>
/// <param name="BrandId">The brand's id (from the request path).</param>
/// <param name="BrandSymbol">The server's number for the brand.</param>
/// <param name="Version">The version this document gets.</param>
/// <param name="Symbols">Symbols given so far; the result carries those and the new ones.</param>
/// <param name="Previous">The document's predecessor, whose time zone and currency are fixed; null at creation.</param>
/// <param name="Industries">Multipliers on default intent weights by industry name, then behaviour.</param>
public sealed record CompileContext(
    string BrandId, int BrandSymbol, string Version, BrandSymbols Symbols, BrandSnapshot? Previous, IndustryTable Industries);

/// <summary>Multipliers on the default intent weights, by industry; a behaviour not named counts 1.</summary>
public sealed record IndustryTable(IReadOnlyDictionary<string, IReadOnlyDictionary<EventType, double>> Multipliers)
{
    public static IndustryTable Empty { get; } = new(new Dictionary<string, IReadOnlyDictionary<EventType, double>>());
}
