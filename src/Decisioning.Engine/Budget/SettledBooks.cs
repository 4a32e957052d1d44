using Decisioning.Core.Record;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Budget;

/// <summary>
/// The ledger as of one journal position, exactly. The live ledger is ahead of the journal: money moves within a turn, before its record has a position. So what
/// is stored with a checkpoint comes from a second ledger that is told nothing but the journal's durable records, in their order: the way recovery is, too.
/// Used by one thread at a time.
/// </summary>
/// <param name="ledger">As of <paramref name="position"/>.</param>
internal sealed class SettledBooks(BudgetLedger ledger, ITurnLog log, IStateStore store, long position)
{
    /// <summary>Holds are many and short: they are stored this seldom, in ms. Recovery reads the journal from there.</summary>
    private const long HoldsEvery = 60_000;

    private readonly Dictionary<(int Brand, int Campaign), SpendingRow> _stored = store.ReadSpending().ToDictionary(r => (r.Brand, r.Campaign));
    private long _holdsDue = long.MinValue;

    public long Position { get; private set; } = position;

    /// <summary>Position as of which the holds are stored.</summary>
    public long HoldsPosition { get; private set; }

    /// <summary>Takes in the journal up to a durable position.</summary>
    public void SettleTo(long durable, long now)
    {
        if (durable <= Position)
        {
            return;
        }

        ledger.Release(now);
        foreach (TurnRecord record in log.ReadAfter(Position))
        {
            if (record.Position > durable)
            {
                break;
            }

            if (record.Head.Kind is TurnKind.Turn or TurnKind.Contextual)
            {
                Turn.ReplayMoney(record.Payload.Span, ledger);
            }
        }

        Position = durable;
    }

    /// <summary>Stores the holds, where that is due.</summary>
    public void StoreHolds(long now, bool always)
    {
        if (always || now >= _holdsDue)
        {
            store.WriteSetting(HoldsForm.Setting, HoldsForm.Write(ledger, Position, now), []);
            HoldsPosition = Position;
            _holdsDue = now + HoldsEvery;
        }
    }

    /// <summary>Rows that are not stored as they are.</summary>
    public List<SpendingRow> Changed() => ledger.Rows().FindAll(row => !_stored.TryGetValue((row.Brand, row.Campaign), out SpendingRow stored) || stored != row);

    public void MarkStored(List<SpendingRow> rows)
    {
        foreach (SpendingRow row in rows)
        {
            _stored[(row.Brand, row.Campaign)] = row;
        }
    }
}
