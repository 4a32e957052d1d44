using System.Data.Common;
using System.Text.Json;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>Brands as they stand and as they stood before each change, audit, settings.</summary>
internal static class SqlCatalogueRows
{
    private const string Columns = "id, symbol, version, at, document, symbols, deleted";

    public static List<BrandRow> ReadAll(DbConnection connection, bool deleted) =>
        connection.Statement($"SELECT {Columns} FROM brands WHERE deleted = $1 ORDER BY symbol", deleted).ReadAll(ReadBrand);

    public static BrandRow? Find(DbConnection connection, string id) =>
        connection.Statement($"SELECT {Columns} FROM brands WHERE id = $1", id).ReadAll(ReadBrand).SingleOrDefault();

    public static List<BrandRow> ReadHistory(DbConnection connection, string id) =>
        connection.Statement($"SELECT {Columns} FROM brand_history WHERE id = $1 ORDER BY line", id).ReadAll(ReadBrand);

    public static List<AuditRow> ReadAudit(DbConnection connection, string brand) =>
        connection.Statement("SELECT brand, at, actor, action, path, before, after FROM audit WHERE brand = $1 ORDER BY line", brand).ReadAll(r => new AuditRow(
            r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetString(4), r.IsDBNull(5) ? null : r.GetString(5), r.IsDBNull(6) ? null : r.GetString(6)));

    public static byte[]? ReadSetting(DbConnection connection, string name) =>
        connection.Statement("SELECT value FROM settings WHERE name = $1", name).ReadAll(r => r.GetBytes(0)).SingleOrDefault();

    public static void Write(DbConnection connection, BrandRow brand)
    {
        KeepInHistory(connection, brand.Id);
        connection.Statement($"""
            INSERT INTO brands({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO UPDATE SET symbol = excluded.symbol, version = excluded.version, at = excluded.at, document = excluded.document,
                symbols = excluded.symbols, deleted = excluded.deleted
            """, brand.Id, brand.Symbol, brand.Version, brand.At, brand.Document, JsonSerializer.SerializeToUtf8Bytes(brand.Symbols), brand.Deleted).Run();
    }

    public static void Delete(DbConnection connection, string id, long at)
    {
        KeepInHistory(connection, id);
        connection.Statement("UPDATE brands SET deleted = true, at = $2 WHERE id = $1", id, at).Run();
    }

    public static void WriteSetting(DbConnection connection, string name, byte[] value) =>
        connection.Statement("INSERT INTO settings(name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value).Run();

    public static void AddAudit(DbConnection connection, IReadOnlyList<AuditRow> audit)
    {
        foreach (AuditRow row in audit)
        {
            connection.Statement(
                "INSERT INTO audit(brand, at, actor, action, path, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                row.Brand, row.At, row.Actor, row.Action, row.Path, row.Before, row.After).Run();
        }
    }

    public static async Task<(HashSet<int> Live, HashSet<int> Deleted)> ReadSymbolsAsync(DbConnection connection, CancellationToken cancellation)
    {
        ILookup<bool, int> symbols = (await connection.Statement("SELECT symbol, deleted FROM brands")
            .ReadAllAsync(r => (Symbol: r.GetInt32(0), Deleted: r.GetBoolean(1)), cancellation).ConfigureAwait(false)).ToLookup(b => b.Deleted, b => b.Symbol);
        return ([.. symbols[false]], [.. symbols[true]]);
    }

    private static void KeepInHistory(DbConnection connection, string id) =>
        connection.Statement($"INSERT INTO brand_history({Columns}) SELECT {Columns} FROM brands WHERE id = $1", id).Run();

    private static BrandRow ReadBrand(DbDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetBytes(4), JsonSerializer.Deserialize<string[][]>(row.GetBytes(5))!, row.GetBoolean(6));
}
