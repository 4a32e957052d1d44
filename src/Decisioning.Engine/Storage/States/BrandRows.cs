using System.Text.Json;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>Brands as they stand, and in the history each row as it stood before a change.</summary>
internal static class BrandRows
{
    private const string Columns = "id, symbol, version, at, document, symbols, deleted";

    public static List<BrandRow> ReadAll(SqliteDatabase database, bool deleted)
    {
        using SqliteStatement rows = database.Prepare($"SELECT {Columns} FROM brands WHERE deleted = ? ORDER BY symbol");
        return ReadToEnd(rows.Bind(1, deleted ? 1 : 0));
    }

    public static BrandRow? Find(SqliteDatabase database, string id)
    {
        using SqliteStatement rows = database.Prepare($"SELECT {Columns} FROM brands WHERE id = ?");
        return ReadToEnd(rows.Bind(1, id)).SingleOrDefault();
    }

    public static List<BrandRow> ReadHistory(SqliteDatabase database, string id)
    {
        using SqliteStatement rows = database.Prepare($"SELECT {Columns} FROM brand_history WHERE id = ? ORDER BY line");
        return ReadToEnd(rows.Bind(1, id));
    }

    public static void Write(SqliteDatabase database, BrandRow brand)
    {
        KeepInHistory(database, brand.Id);
        using SqliteStatement write = database.Prepare($"""
            INSERT INTO brands({Columns}) VALUES(?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET symbol = ?2, version = ?3, at = ?4, document = ?5, symbols = ?6, deleted = ?7
            """);
        write.Bind(1, brand.Id).Bind(2, brand.Symbol).Bind(3, brand.Version).Bind(4, brand.At).Bind(5, brand.Document)
            .Bind(6, JsonSerializer.SerializeToUtf8Bytes(brand.Symbols)).Bind(7, brand.Deleted ? 1 : 0).Run();
    }

    public static void Delete(SqliteDatabase database, string id, long at)
    {
        KeepInHistory(database, id);
        using SqliteStatement write = database.Prepare("UPDATE brands SET deleted = 1, at = ? WHERE id = ?");
        write.Bind(1, at).Bind(2, id).Run();
    }

    private static void KeepInHistory(SqliteDatabase database, string id)
    {
        using SqliteStatement keep = database.Prepare($"INSERT INTO brand_history({Columns}) SELECT {Columns} FROM brands WHERE id = ?");
        keep.Bind(1, id).Run();
    }

    private static List<BrandRow> ReadToEnd(SqliteStatement rows)
    {
        var brands = new List<BrandRow>();
        while (rows.Step())
        {
            string[][] symbols = JsonSerializer.Deserialize<string[][]>(rows.Blob(5))!;
            brands.Add(new(rows.Text(0)!, (int)rows.Integer(1), rows.Integer(2), rows.Integer(3), rows.Blob(4).ToArray(), symbols, rows.Integer(6) != 0));
        }

        return brands;
    }
}
