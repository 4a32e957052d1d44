using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>The calendar: consumers by the hour in which something of theirs may fall due.</summary>
internal sealed class CalendarRows(SqliteDatabase database) : IDisposable
{
    private readonly SqliteStatement _add = database.Prepare("INSERT OR IGNORE INTO calendar(hour, key) VALUES(?, ?)");
    private readonly SqliteStatement _remove = database.Prepare("DELETE FROM calendar WHERE hour = ? AND key = ?");

    public void Move(IReadOnlyList<CalendarMove> moves)
    {
        for (int i = 0; i < moves.Count; i++)
        {
            CalendarMove move = moves[i];
            if (move.From != 0)
            {
                _remove.Bind(1, move.From).Bind(2, (long)move.Key).Run();
            }

            if (move.To != 0)
            {
                _add.Bind(1, move.To).Bind(2, (long)move.Key).Run();
            }
        }
    }

    public void Dispose()
    {
        _add.Dispose();
        _remove.Dispose();
    }

    public static List<CalendarRow> Read(SqliteDatabase database, int upToHour, CalendarRow after, int most)
    {
        string past = after == default ? "" : "AND (hour, key) > (?3, ?4)";
        using SqliteStatement rows = database.Prepare($"SELECT hour, key FROM calendar WHERE hour <= ?1 {past} ORDER BY hour, key LIMIT ?2");
        rows.Bind(1, upToHour).Bind(2, most);
        if (after != default)
        {
            rows.Bind(3, after.Hour).Bind(4, (long)after.Key);
        }

        List<CalendarRow> due = [];
        while (rows.Step())
        {
            due.Add(new CalendarRow((int)rows.Integer(0), (ulong)rows.Integer(1)));
        }

        return due;
    }
}
