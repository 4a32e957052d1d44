using Decisioning.Engine.Storage;

namespace Decisioning.Benchmarks.Known;

/// <summary>Entries in the calendar of consumers who are not there: nothing asks for them before their hour.</summary>
internal static class KnownCalendar
{
    private const int Batch = 500_000;

    /// <summary>Writes entries straight into a data folder that no host has open, spread evenly over hours.</summary>
    /// <param name="firstHour">Counted from the Unix epoch.</param>
    public static void Write(string folder, int entries, int firstHour, int hours)
    {
        Random keys = new(11);
        using SqliteStateStore store = SqliteStateStore.Open(folder);
        List<CalendarMove> moves = new(Batch);
        for (int hour = 0, left = entries; hour < hours; hour++)
        {
            int here = left / (hours - hour);
            left -= here;
            moves.AddRange(Enumerable.Range(0, here).Select(_ => keys.NextInt64()).Order().Select(k => new CalendarMove((ulong)k, 0, firstHour + hour)));
            if (moves.Count >= Batch || left == 0)
            {
                store.Write([], null, null, moves);
                moves.Clear();
            }
        }
    }
}
