using System.Data.Common;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>Brands' books and hourly rows.</summary>
internal static class SqlBooksRows
{
    public static async Task<StoredBrand?> ReadAsync(DbConnection connection, int brand, CancellationToken cancellation) =>
        (await connection.Statement("SELECT brand, version, positions, totals, money FROM books WHERE brand = $1", brand).ReadAllAsync(
            r => new StoredBrand(r.GetInt32(0), r.GetInt64(1), PositionsForm.Read(r.GetBytes(2)), r.GetBytes(3), r.GetBytes(4)), cancellation).ConfigureAwait(false))
        .SingleOrDefault();

    /// <summary>Within a transaction. False: somebody else wrote since; nothing was done.</summary>
    public static async Task<bool> WriteAsync(
        DbConnection connection, StoredBrand books, IReadOnlyList<HourBooks> hours, long expected, CancellationToken cancellation)
    {
        string sql = expected == 0
            ? "INSERT INTO books(brand, version, positions, totals, money) VALUES ($1, 1, $3, $4, $5) ON CONFLICT DO NOTHING"
            : "UPDATE books SET version = $2 + 1, positions = $3, totals = $4, money = $5 WHERE brand = $1 AND version = $2";
        if (await connection.Statement(sql, books.Brand, expected, PositionsForm.Of(books.Positions), books.Totals, books.Money).RunAsync(cancellation).ConfigureAwait(false) == 0)
        {
            return false;
        }

        foreach (HourBooks hour in hours)
        {
            await connection.Statement(
                "INSERT INTO hours(brand, hour, sums) VALUES ($1, $2, $3) ON CONFLICT (brand, hour) DO UPDATE SET sums = excluded.sums", hour.Brand, hour.Hour, hour.Sums)
                .RunAsync(cancellation).ConfigureAwait(false);
        }

        return true;
    }

    public static async Task<List<HourBooks>> ReadHoursAsync(DbConnection connection, int brand, int fromHour, int toHour, CancellationToken cancellation) =>
        await connection.Statement("SELECT brand, hour, sums FROM hours WHERE brand = $1 AND hour >= $2 AND hour < $3 ORDER BY hour", brand, fromHour, toHour)
            .ReadAllAsync(r => new HourBooks(r.GetInt32(0), r.GetInt32(1), r.GetBytes(2)), cancellation).ConfigureAwait(false);

    /// <summary>Every brand's positions.</summary>
    public static async Task<Dictionary<int, IReadOnlyDictionary<long, long>>> ReadPositionsAsync(DbConnection connection, CancellationToken cancellation) =>
        (await connection.Statement("SELECT brand, positions FROM books").ReadAllAsync(
            r => KeyValuePair.Create<int, IReadOnlyDictionary<long, long>>(r.GetInt32(0), PositionsForm.Read(r.GetBytes(1))), cancellation).ConfigureAwait(false)).ToDictionary();
}
