using Decisioning.Core.Catalogue.Compiling;
using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue;

/// <summary>Compiles a brand's document (CATALOGUE.md) to a snapshot, or names everything that is wrong with it at once.</summary>
public static class CatalogueCompiler
{
    /// <summary>Compiles; never throws for anything that a document can hold.</summary>
    /// <param name="utf8Json">The document as sent.</param>
    /// <param name="context">The brand it is for and what stands so far.</param>
    public static CompileResult Compile(ReadOnlyMemory<byte> utf8Json, CompileContext context)
    {
        FaultList faults = new();
        if (!Ids.IsValid(context.BrandId))
        {
            faults.AddUnreadable(FaultCodes.BadId, $"{Quote.Of(context.BrandId)} is no id of a brand: an id has {Ids.Rule}.");
        }

        BrandSnapshot? brand = NodeReader.Read(utf8Json.Span, faults) is { } root ? new BrandCompiler(new FieldReader(faults), context).Compile(root) : null;
        IReadOnlyList<Fault> found = faults.InOrder();
        return new CompileResult(found.Count == 0 ? brand : null, found, faults.WarningsInOrder());
    }
}

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
