using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>The audit trail, only ever added to.</summary>
internal static class AuditRows
{
    public static List<AuditRow> Read(SqliteDatabase database, string brand)
    {
        using SqliteStatement rows = database.Prepare("SELECT brand, at, actor, action, path, before, after FROM audit WHERE brand = ? ORDER BY line");
        rows.Bind(1, brand);
        var audit = new List<AuditRow>();
        while (rows.Step())
        {
            audit.Add(new(rows.Text(0)!, rows.Integer(1), rows.Text(2)!, rows.Text(3)!, rows.Text(4)!, rows.Text(5), rows.Text(6)));
        }

        return audit;
    }

    public static void Add(SqliteDatabase database, IReadOnlyList<AuditRow> audit)
    {
        using SqliteStatement write = database.Prepare("INSERT INTO audit(brand, at, actor, action, path, before, after) VALUES(?, ?, ?, ?, ?, ?, ?)");
        foreach (AuditRow row in audit)
        {
            write.Bind(1, row.Brand).Bind(2, row.At).Bind(3, row.Actor).Bind(4, row.Action).Bind(5, row.Path).Bind(6, row.Before).Bind(7, row.After).Run();
        }
    }
}
