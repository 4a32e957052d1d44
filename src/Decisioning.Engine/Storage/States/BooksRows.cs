using System.Buffers;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>Brands' totals and hourly rows, each with its CRC-32C behind it.</summary>
internal sealed class BooksRows(SqliteDatabase database) : IDisposable
{
    private readonly SqliteStatement _brand = database.Prepare("INSERT OR REPLACE INTO books(brand, totals) VALUES(?, ?)");
    private readonly SqliteStatement _hour = database.Prepare("INSERT OR REPLACE INTO hours(brand, hour, sums) VALUES(?, ?, ?)");
    private readonly SqliteStatement _drop = database.Prepare("DELETE FROM hours WHERE brand IN (SELECT brand FROM books) AND hour < ?");
    private readonly ArrayBufferWriter<byte> _scratch = new();

    public void Write(BooksWrite books)
    {
        foreach (BrandBooks row in books.Brands)
        {
            _brand.Bind(1, row.Brand).Bind(2, Checked(row.Totals.Span)).Run();
        }

        foreach (HourBooks row in books.Hours)
        {
            _hour.Bind(1, row.Brand).Bind(2, row.Hour).Bind(3, Checked(row.Sums.Span)).Run();
        }

        if (books.DropBefore > 0)
        {
            _drop.Bind(1, books.DropBefore).Run();
        }
    }

    public void Dispose()
    {
        _brand.Dispose();
        _hour.Dispose();
        _drop.Dispose();
    }

    public static List<BrandBooks> ReadBrands(SqliteDatabase database)
    {
        using SqliteStatement rows = database.Prepare("SELECT brand, totals FROM books ORDER BY brand");
        List<BrandBooks> books = [];
        while (rows.Step())
        {
            int brand = (int)rows.Integer(0);
            books.Add(new BrandBooks(brand, CheckedForm.Read(rows.Blob(1), database.Path, $"the books of brand {brand}").ToArray()));
        }

        return books;
    }

    public static List<HourBooks> ReadHours(SqliteDatabase database, int brand, int fromHour, int toHour)
    {
        using SqliteStatement rows = database.Prepare("SELECT hour, sums FROM hours WHERE brand = ? AND hour >= ? AND hour < ? ORDER BY hour");
        rows.Bind(1, brand).Bind(2, fromHour).Bind(3, toHour);
        List<HourBooks> hours = [];
        while (rows.Step())
        {
            hours.Add(Current(database, rows, brand));
        }

        return hours;
    }

    public static HourBooks? ReadHourBefore(SqliteDatabase database, int brand, int hour)
    {
        using SqliteStatement row = database.Prepare("SELECT hour, sums FROM hours WHERE brand = ? AND hour < ? ORDER BY hour DESC LIMIT 1");
        return row.Bind(1, brand).Bind(2, hour).Step() ? Current(database, row, brand) : null;
    }

    private static HourBooks Current(SqliteDatabase database, SqliteStatement row, int brand)
    {
        int hour = (int)row.Integer(0);
        return new HourBooks(brand, hour, CheckedForm.Read(row.Blob(1), database.Path, $"hour {hour} of brand {brand}").ToArray());
    }

    private ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> content)
    {
        _scratch.ResetWrittenCount();
        CheckedForm.Write(content, _scratch);
        return _scratch.WrittenSpan;
    }
}
