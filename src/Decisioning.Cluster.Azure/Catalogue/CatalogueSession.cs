using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Catalogue;

/// <summary>The catalogue as it is known at a version.</summary>
internal sealed class CatalogueSession(AzureClusterStore store, CatalogueRows rows, long version) : ICatalogueSession
{
    public long Version { get; private set; } = version;

    public IReadOnlyList<BrandRow> ReadBrands(bool deleted = false) => store.Guard(() => rows.ReadBrands(deleted));

    public BrandRow? FindBrand(string brandId) => store.Guard(() => rows.FindBrand(brandId));

    public IReadOnlyList<BrandRow> ReadBrandHistory(string brandId) => store.Guard(() => rows.ReadHistory(brandId));

    public IReadOnlyList<AuditRow> ReadAudit(string brandId) => store.Guard(() => rows.ReadAudit(brandId));

    public byte[]? ReadSetting(string name) => store.Guard(() => rows.ReadSetting(name));

    public void WriteBrand(BrandRow brand, IReadOnlyList<AuditRow> audit) => Change(v => rows.WriteBrand(v, brand, audit));

    public void DeleteBrand(string brandId, long at, IReadOnlyList<AuditRow> audit) => Change(v => rows.DeleteBrand(v, brandId, at, audit));

    public void WriteSetting(string name, ReadOnlySpan<byte> value, IReadOnlyList<AuditRow> audit)
    {
        byte[] copy = value.ToArray();
        Change(v => rows.WriteSetting(v, name, copy, audit));
    }

    private void Change(Action<long> change) => Version = store.Guard(() =>
    {
        change(Version);
        return Version + 1;
    });
}
