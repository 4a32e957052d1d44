using Decisioning.Core.Aggregate;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Budget;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Durability;

/// <summary>Tells the ledgers and the brands' totals what is journalled again, each from the position on as of which it was stored.</summary>
/// <param name="bookedAt">Position as of which spending and totals were stored.</param>
/// <param name="heldAt">Position as of which holds were stored.</param>
internal sealed class RecoveryBooks(BudgetLedger[] ledgers, ServerTotals totals, long bookedAt, long heldAt) : IMarketReplay
{
    private long _position;

    /// <summary>The next record is read: what it says of money comes after.</summary>
    public void Begin(in TurnRecord record)
    {
        _position = record.Position;
        if (_position > bookedAt && record.Head.Kind != TurnKind.Scrubbed)
        {
            totals.Fold(TurnFacts.Of(record.Payload.Span));
        }
    }

    public void Held(int brand, int campaign, long amount, long expiresAt)
    {
        if (_position > heldAt)
        {
            foreach (BudgetLedger ledger in ledgers)
            {
                ledger.Held(brand, campaign, amount, expiresAt);
            }
        }
    }

    public void Charged(int brand, int campaign, long amount, long at, long? heldUntil)
    {
        long? stillHeld = _position > heldAt ? heldUntil : null;
        foreach (BudgetLedger ledger in ledgers)
        {
            if (_position > bookedAt)
            {
                ledger.Charged(brand, campaign, amount, at, stillHeld);
            }
            else if (stillHeld is { } until)
            {
                ledger.Unheld(brand, campaign, amount, until);
            }
        }
    }
}
