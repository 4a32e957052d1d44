using Decisioning.Core.Catalogue.Compiling;
using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue;

/// <summary>Compiles a brand's document (CATALOGUE.md) to a snapshot, or names everything that is wrong with it at once.</summary>
public static class CatalogueCompiler
{
    /// <summary>The time zone of a brand whose first document states none.</summary>
    public const string DefaultTimeZone = "UTC";

    /// <summary>The currency of a brand whose first document states none.</summary>
    public const string DefaultCurrency = "USD";

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

        Node? root = NodeReader.Read(utf8Json.Span, faults);
        BrandSnapshot? brand = root is null ? null : new BrandCompiler(new FieldReader(faults), context).Compile(root);
        IReadOnlyList<Fault> found = faults.InOrder();
        return found.Count == 0 && brand is not null
            ? new CompileResult(brand, CataloguePatch.StateFixed(utf8Json, root!, brand), found, faults.WarningsInOrder())
            : new CompileResult(null, utf8Json, found, faults.WarningsInOrder());
    }
}

/// <summary>What compiling a document gives: a snapshot, or every fault in it.</summary>
/// <param name="Brand">Null where there are faults.</param>
/// <param name="Document">What to keep: it says by itself what was fixed at the brand's creation, so that it means the same when it is read without its predecessor.</param>
/// <param name="Faults">Every fault, in document order.</param>
/// <param name="Warnings">What is accepted but not applied as written.</param>
public sealed record CompileResult(BrandSnapshot? Brand, ReadOnlyMemory<byte> Document, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings);

/// <summary>What a document is compiled against.</summary>
/// <param name="BrandId">The brand's id (from the request path).</param>
/// <param name="BrandSymbol">The server's number for the brand.</param>
/// <param name="Version">The version this document gets.</param>
/// <param name="Symbols">Symbols given so far; the result carries those and the new ones.</param>
/// <param name="Previous">The document's predecessor, whose time zone and currency are fixed; null at creation.</param>
/// <param name="Industries">Multipliers on default intent weights by industry name, then behaviour.</param>
public sealed record CompileContext(
    string BrandId, int BrandSymbol, string Version, BrandSymbols Symbols, BrandSnapshot? Previous, IndustryTable Industries);
