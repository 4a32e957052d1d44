using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Catalogue;

/// <summary>
/// Brands as they stand and as they stood before each change, audit, settings: one partition, in which a change and the version move together. Content that is too big
/// for it lies in partitions named for what it is, written before the change that refers to it.
/// </summary>
internal sealed class CatalogueRows(ClusterTables tables)
{
    /// <summary>Bytes that lie in the entity itself: of one transaction, which takes 4 MiB, several such entities are part.</summary>
    private const int MostInside = 256 << 10;

    private const string Partition = "catalogue";
    private const string VersionKey = "version";
    private const string Version = nameof(Version);
    private const string Content = nameof(Content);
    private const string Elsewhere = nameof(Elsewhere);

    public long ReadVersion(CancellationToken cancellation) => FindVersion(cancellation).Number;

    public async Task<long> ReadVersionAsync(CancellationToken cancellation) =>
        (await tables.Catalogue.FindAsync(Partition, VersionKey, cancellation).ConfigureAwait(false))?.GetInt64(Version) ?? 0;

    public IReadOnlyList<BrandRow> ReadBrands(bool deleted) =>
        [.. Query("b:").Where(b => b.GetBoolean(nameof(BrandRow.Deleted)) == deleted).Select(ReadBrand).OrderBy(static b => b.Symbol)];

    public BrandRow? FindBrand(string id) => Find(KeyOfBrand(id)) is { } brand ? ReadBrand(brand) : null;

    public IReadOnlyList<BrandRow> ReadHistory(string id) => [.. Query($"h:{Hex(id)}:").Select(ReadBrand)];

    public IReadOnlyList<AuditRow> ReadAudit(string brand) =>
        [.. Query($"a:{Hex(brand)}:").SelectMany(a => JsonSerializer.Deserialize<AuditRow[]>(ReadContent(a))!)];

    public byte[]? ReadSetting(string name) => Find(KeyOfSetting(name)) is { } setting ? ReadContent(setting) : null;

    /// <summary>Symbols of brands by whether they were deleted.</summary>
    public ILookup<bool, int> ReadSymbols(CancellationToken cancellation) => Query("b:", [nameof(BrandRow.Symbol), nameof(BrandRow.Deleted)], cancellation)
        .ToLookup(static b => b.GetBoolean(nameof(BrandRow.Deleted))!.Value, static b => b.GetInt32(nameof(BrandRow.Symbol))!.Value);

    /// <exception cref="CatalogueMovedException">The catalogue stands at another version.</exception>
    /// <exception cref="StorageException">The brand's symbol is another brand's.</exception>
    public void WriteBrand(long version, BrandRow brand, IReadOnlyList<AuditRow> audit)
    {
        TableEntity? before = Find(KeyOfBrand(brand.Id));
        List<TableTransactionAction> actions = [.. HistoryOf(before, version), new(TableTransactionActionType.UpsertReplace, EntityOf(brand, KeyOfBrand(brand.Id)))];
        if (before?.GetInt32(nameof(BrandRow.Symbol)) != brand.Symbol)
        {
            TableEntity symbol = new(Partition, "y:" + brand.Symbol.ToString("D10", CultureInfo.InvariantCulture)) { [nameof(BrandRow.Id)] = brand.Id };
            actions.Add(new(TableTransactionActionType.Add, symbol));
        }

        Change(version, actions, audit);
    }

    /// <exception cref="CatalogueMovedException">The catalogue stands at another version.</exception>
    public void DeleteBrand(long version, string id, long at, IReadOnlyList<AuditRow> audit)
    {
        List<TableTransactionAction> actions = [];
        if (Find(KeyOfBrand(id)) is { } brand)
        {
            actions.AddRange(HistoryOf(brand, version));
            TableEntity deleted = new(Partition, brand.RowKey) { [nameof(BrandRow.Deleted)] = true, [nameof(BrandRow.At)] = at };
            actions.Add(new(TableTransactionActionType.UpdateMerge, deleted, ETag.All));
        }

        Change(version, actions, audit);
    }

    /// <exception cref="CatalogueMovedException">The catalogue stands at another version.</exception>
    public void WriteSetting(long version, string name, byte[] value, IReadOnlyList<AuditRow> audit) =>
        Change(version, [new(TableTransactionActionType.UpsertReplace, WithContent(new TableEntity(Partition, KeyOfSetting(name)), value))], audit);

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private static string KeyOfBrand(string id) => "b:" + Hex(id);

    private static string KeyOfSetting(string name) => "s:" + Hex(name);

    private static IEnumerable<TableTransactionAction> HistoryOf(TableEntity? before, long version)
    {
        if (before is not null)
        {
            TableEntity kept = new(before) { RowKey = $"h:{before.RowKey[2..]}:{Keys.Of(version)}" };
            yield return new(TableTransactionActionType.Add, kept);
        }
    }

    private void Change(long version, List<TableTransactionAction> actions, IReadOnlyList<AuditRow> audit)
    {
        foreach (IGrouping<string, AuditRow> lines in audit.GroupBy(static a => a.Brand))
        {
            TableEntity entity = new(Partition, $"a:{Hex(lines.Key)}:{Keys.Of(version)}");
            actions.Add(new(TableTransactionActionType.Add, WithContent(entity, JsonSerializer.SerializeToUtf8Bytes(lines))));
        }

        (long number, ETag tag) = FindVersion(default);
        if (number != version)
        {
            throw new CatalogueMovedException();
        }

        TableEntity moved = new(Partition, VersionKey) { [Version] = version + 1 };
        actions.Insert(0, tag == default ? new(TableTransactionActionType.Add, moved) : new(TableTransactionActionType.UpdateReplace, moved, tag));
        try
        {
            tables.Catalogue.SubmitTransaction(actions);
        }
        catch (TableTransactionFailedException e) when (TableCalls.IsConflict(e))
        {
            // The version is the first action, and a brand's symbol the only other that somebody else can have.
            throw e.FailedTransactionActionIndex > 0 && FindVersion(default).Number == version
                ? new StorageException("The brand's symbol is another brand's", e)
                : new CatalogueMovedException();
        }
    }

    private (long Number, ETag Tag) FindVersion(CancellationToken cancellation)
    {
        NullableResponse<TableEntity> found = tables.Catalogue.GetEntityIfExists<TableEntity>(Partition, VersionKey, cancellationToken: cancellation);
        return found.HasValue ? (found.Value!.GetInt64(Version)!.Value, found.Value.ETag) : (0, default);
    }

    private TableEntity? Find(string key)
    {
        NullableResponse<TableEntity> found = tables.Catalogue.GetEntityIfExists<TableEntity>(Partition, key);
        return found.HasValue ? found.Value : null;
    }

    private IEnumerable<TableEntity> Query(string prefix, IEnumerable<string>? select = null, CancellationToken cancellation = default)
    {
        string end = prefix[..^1] + (char)(prefix[^1] + 1);
        return tables.Catalogue.Query<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {prefix} and RowKey lt {end}"), select: select, cancellationToken: cancellation);
    }

    private TableEntity EntityOf(BrandRow brand, string key)
    {
        TableEntity entity = new(Partition, key)
        {
            [nameof(BrandRow.Id)] = brand.Id,
            [nameof(BrandRow.Symbol)] = brand.Symbol,
            [nameof(BrandRow.Version)] = brand.Version,
            [nameof(BrandRow.At)] = brand.At,
            [nameof(BrandRow.Deleted)] = brand.Deleted,
        };
        return WithContent(entity, JsonSerializer.SerializeToUtf8Bytes(new BrandContent(brand.Document, brand.Symbols)));
    }

    private BrandRow ReadBrand(TableEntity entity)
    {
        BrandContent content = JsonSerializer.Deserialize<BrandContent>(ReadContent(entity))!;
        return new BrandRow(
            entity.GetString(nameof(BrandRow.Id)), entity.GetInt32(nameof(BrandRow.Symbol))!.Value, entity.GetInt64(nameof(BrandRow.Version))!.Value,
            entity.GetInt64(nameof(BrandRow.At))!.Value, content.Document, content.Symbols, entity.GetBoolean(nameof(BrandRow.Deleted))!.Value);
    }

    private TableEntity WithContent(TableEntity entity, byte[] content)
    {
        if (content.Length <= MostInside)
        {
            Chunks.Set(entity, Content, content, "A change of the catalogue");
            return entity;
        }

        string place = Convert.ToHexString(SHA256.HashData(content));
        for (int at = 0, part = 0; at < content.Length; at += Chunks.Most, part++)
        {
            TableEntity piece = new(place, part.ToString("D4", CultureInfo.InvariantCulture));
            Chunks.Set(piece, Content, content.AsSpan(at, Math.Min(Chunks.Most, content.Length - at)), "A change of the catalogue");
            tables.Catalogue.UpsertEntity(piece, TableUpdateMode.Replace);
        }

        entity[Elsewhere] = place;
        return entity;
    }

    private byte[] ReadContent(TableEntity entity) => entity.GetString(Elsewhere) is { } place
        ? [.. tables.Catalogue.Query<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {place}")).SelectMany(static p => Chunks.Get(p, Content))]
        : Chunks.Get(entity, Content);

    private sealed record BrandContent(byte[] Document, IReadOnlyList<IReadOnlyList<string>> Symbols);
}
