using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>Campaigns' spending as of the books' position.</summary>
internal static class MoneyRows
{
    public static List<SpendingRow> ReadSpending(SqliteDatabase database)
    {
        using SqliteStatement rows = database.Prepare("SELECT brand, campaign, total, day, today FROM spending ORDER BY brand, campaign");
        var spending = new List<SpendingRow>();
        while (rows.Step())
        {
            spending.Add(new((int)rows.Integer(0), (int)rows.Integer(1), rows.Integer(2), (int)rows.Integer(3), rows.Integer(4)));
        }

        return spending;
    }

    public static void WriteSpending(SqliteDatabase database, IReadOnlyList<SpendingRow> spending)
    {
        using SqliteStatement write = database.Prepare("INSERT OR REPLACE INTO spending(brand, campaign, total, day, today) VALUES(?, ?, ?, ?, ?)");
        foreach (SpendingRow row in spending)
        {
            write.Bind(1, row.Brand).Bind(2, row.Campaign).Bind(3, row.Total).Bind(4, row.Day).Bind(5, row.Today).Run();
        }
    }
}
