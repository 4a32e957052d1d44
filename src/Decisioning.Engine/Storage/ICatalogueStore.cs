namespace Decisioning.Engine.Storage;

/// <summary>Where brands' documents lie, with their history, settings and audit. Every write is on disk when its call returns.</summary>
public interface ICatalogueStore
{
    /// <summary>Every live brand with its document and symbols, or every deleted one as it last was.</summary>
    IReadOnlyList<BrandRow> ReadBrands(bool deleted = false);

    /// <summary>Writes a brand's document, keeps the one before in the history, and adds audit lines: all or nothing.</summary>
    void WriteBrand(BrandRow brand, IReadOnlyList<AuditRow> audit);

    /// <summary>Takes a brand out of the live ones; its row, now with the instant of the deletion, its symbols and history stay, and the row as it was joins the history.</summary>
    void DeleteBrand(string brandId, long at, IReadOnlyList<AuditRow> audit);

    /// <summary>The row of a brand that was once put, deleted ones too; null where there never was one.</summary>
    BrandRow? FindBrand(string brandId);

    /// <summary>A brand's rows as they stood before each change, oldest first.</summary>
    IReadOnlyList<BrandRow> ReadBrandHistory(string brandId);

    /// <summary>What was changed by whom, oldest first.</summary>
    IReadOnlyList<AuditRow> ReadAudit(string brandId);

    byte[]? ReadSetting(string name);

    void WriteSetting(string name, ReadOnlySpan<byte> value, IReadOnlyList<AuditRow> audit);
}

/// <param name="Symbol">The server's number for the brand; never reused, also not after deletion.</param>
/// <param name="Version">Grows by one with each document.</param>
/// <param name="Document">UTF-8 JSON as sent.</param>
/// <param name="Symbols">By <see cref="Core.Catalogue.SymbolKind"/>: ids in the order of their symbols.</param>
public sealed record BrandRow(string Id, int Symbol, long Version, long At, byte[] Document, IReadOnlyList<IReadOnlyList<string>> Symbols, bool Deleted);

public sealed record AuditRow(string Brand, long At, string Actor, string Action, string Path, string? Before, string? After);
