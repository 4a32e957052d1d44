using System.Text;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Verify;

/// <summary>Holds the stored calendar against the stored states: each state that names an hour has its one entry there, and there is no entry of anybody else.</summary>
internal sealed class CalendarCheck
{
    private const int BatchRows = 65_536;

    private readonly HashSet<CalendarRow> _rows = [];
    private readonly VerifyReport _report;

    public CalendarCheck(IStateStore store, VerifyReport report)
    {
        _report = report;
        IReadOnlyList<CalendarRow> rows;
        CalendarRow last = default;
        do
        {
            rows = store.ReadCalendar(int.MaxValue, last, BatchRows);
            _rows.UnionWith(rows);
            last = rows.Count > 0 ? rows[^1] : last;
        }
        while (rows.Count == BatchRows);
    }

    /// <summary>Takes in a stored state.</summary>
    public void Take(ulong key, ReadOnlySpan<byte> packed)
    {
        // What is no state is told by whoever reads it whole.
        if (ConsumerCodec.IsState(packed) && ConsumerCodec.CalendarHourOf(packed) is > 0 and int hour && !_rows.Remove(new CalendarRow(hour, key)))
        {
            _report.Add(new Mismatch($"consumer {Encoding.UTF8.GetString(ConsumerCodec.IdOf(packed))}", $"calendar: its state names hour {hour}, where there is no entry of it"));
        }
    }

    /// <summary>Tells the entries that no state has named.</summary>
    public void End()
    {
        foreach (CalendarRow row in _rows.OrderBy(r => (r.Hour, r.Key)))
        {
            _report.Add(new Mismatch($"consumer {row.Key:x16}", $"calendar: an entry at hour {row.Hour} that no state names"));
        }
    }
}
