using Decisioning.Core.Record;
using Decisioning.Engine.Budget;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Books;

/// <summary>
/// The ledger as of one journal position, exactly. The live ledger is ahead of the journal: money moves within a turn, before its record has a position. So what
/// is stored comes from a second ledger that is told nothing but the journal's durable records, in their order: the way recovery is, too. Used under the
/// bookkeeper's lock.
/// </summary>
internal sealed class SettledMoney(BudgetLedger ledger, IStateStore store)
{
    private readonly Dictionary<(int Brand, int Campaign), SpendingRow> _stored = store.ReadSpending().ToDictionary(r => (r.Brand, r.Campaign));

    public BudgetLedger Ledger => ledger;

    public void Take(in TurnHead head, ReadOnlySpan<byte> payload)
    {
        if (head.Kind is TurnKind.Turn or TurnKind.Contextual)
        {
            Turn.ReplayMoney(payload, ledger);
        }
    }

    /// <summary>Lets go of every hold that is over.</summary>
    public void Release(long now) => ledger.Release(now);

    /// <summary>Rows that are not stored as they are.</summary>
    public List<SpendingRow> Changed() => ledger.Rows().FindAll(row => !_stored.TryGetValue((row.Brand, row.Campaign), out SpendingRow stored) || stored != row);

    public void MarkStored(IReadOnlyList<SpendingRow> rows)
    {
        foreach (SpendingRow row in rows)
        {
            _stored[(row.Brand, row.Campaign)] = row;
        }
    }
}
