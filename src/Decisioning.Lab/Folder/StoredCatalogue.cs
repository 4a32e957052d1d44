using System.Globalization;
using Decisioning.Core.Catalogue;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Folder;

/// <summary>Compiles what a data folder holds of the catalogue.</summary>
internal static class StoredCatalogue
{
    private const string Industries = "industries.json";
    private const string Settings = "server.settings";

    /// <summary>The brands as they stand.</summary>
    /// <exception cref="InvalidDataException">A document does not compile; the message names its faults.</exception>
    public static CatalogueSnapshot Read(string folder, IStateStore store) => Read(folder, store, store.ReadBrands());

    /// <summary>With them those that were deleted, as they last stood: journal and books go on knowing them.</summary>
    /// <exception cref="InvalidDataException">A document does not compile; the message names its faults.</exception>
    public static CatalogueSnapshot ReadAll(string folder, IStateStore store) => Read(folder, store, [.. store.ReadBrands(), .. store.ReadBrands(deleted: true)]);

    private static CatalogueSnapshot Read(string folder, IStateStore store, IReadOnlyList<BrandRow> rows)
    {
        IndustryTable industries = ReadIndustries(Path.Combine(folder, Industries));
        BrandSnapshot[] brands = [.. rows.Select(row => Compile(row, industries))];
        return new CatalogueSnapshot(brands, ReadSettings(store.ReadSetting(Settings)), "stored");
    }

    private static BrandSnapshot Compile(BrandRow row, IndustryTable industries)
    {
        string version = row.Version.ToString(CultureInfo.InvariantCulture);
        CompileResult result = CatalogueCompiler.Compile(
            row.Document, new CompileContext(row.Id, row.Symbol, version, new BrandSymbols(row.Symbols), null, industries));
        return result.Brand ?? throw Faulty($"The stored document of brand {row.Id}", result.Faults);
    }

    private static ServerSettings ReadSettings(byte[]? document)
    {
        if (document is null)
        {
            return ServerSettings.Default;
        }

        SettingsResult result = SettingsCompiler.Compile(document);
        return result.Settings ?? throw Faulty("The stored settings", result.Faults);
    }

    private static IndustryTable ReadIndustries(string path)
    {
        if (!File.Exists(path))
        {
            return IndustryTable.Empty;
        }

        IndustryResult result = IndustryTable.Parse(File.ReadAllBytes(path));
        return result.Table ?? throw Faulty(path, result.Faults);
    }

    private static InvalidDataException Faulty(string what, IReadOnlyList<Fault> faults) =>
        new($"{what} has faults: {string.Join("; ", faults.Select(f => $"{f.Pointer}: {f.Detail}"))}");
}
