using System.Data.Common;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>The catalogue over the store's tables. Each change moves the version in its own transaction, or finds that somebody else has.</summary>
internal sealed class SqlCatalogueSession(SqlClusterStore store, long version) : ICatalogueSession
{
    public long Version { get; private set; } = version;

    public IReadOnlyList<BrandRow> ReadBrands(bool deleted = false) => store.Now(false, connection => SqlCatalogueRows.ReadAll(connection, deleted));

    public BrandRow? FindBrand(string brandId) => store.Now(false, c => SqlCatalogueRows.Find(c, brandId));

    public IReadOnlyList<BrandRow> ReadBrandHistory(string brandId) => store.Now(false, c => SqlCatalogueRows.ReadHistory(c, brandId));

    public IReadOnlyList<AuditRow> ReadAudit(string brandId) => store.Now(false, c => SqlCatalogueRows.ReadAudit(c, brandId));

    public byte[]? ReadSetting(string name) => store.Now(false, c => SqlCatalogueRows.ReadSetting(c, name));

    public void WriteBrand(BrandRow brand, IReadOnlyList<AuditRow> audit) => Change(audit, c => SqlCatalogueRows.Write(c, brand));

    public void DeleteBrand(string brandId, long at, IReadOnlyList<AuditRow> audit) => Change(audit, c => SqlCatalogueRows.Delete(c, brandId, at));

    public void WriteSetting(string name, ReadOnlySpan<byte> value, IReadOnlyList<AuditRow> audit)
    {
        byte[] copy = value.ToArray();
        Change(audit, c => SqlCatalogueRows.WriteSetting(c, name, copy));
    }

    private void Change(IReadOnlyList<AuditRow> audit, Action<DbConnection> change) => Version = store.Now(true, connection =>
    {
        using DbTransaction transaction = connection.BeginTransaction();
        if (connection.Statement("UPDATE meta SET value = value + 1 WHERE name = $1 AND value = $2", SqlClusterStore.CatalogueMark, Version).Run() == 0)
        {
            throw new CatalogueMovedException();
        }

        change(connection);
        SqlCatalogueRows.AddAudit(connection, audit);
        transaction.Commit();
        return Version + 1;
    });
}
