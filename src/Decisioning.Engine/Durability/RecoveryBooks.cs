using Decisioning.Core.Decide;
using Decisioning.Engine.Budget;

namespace Decisioning.Engine.Durability;

/// <summary>Tells the ledgers the money of journalled records again, each kind from the position on as of which it was stored.</summary>
/// <param name="spentAt">Position as of which spending was stored: the checkpoint.</param>
/// <param name="heldAt">Position as of which holds were stored.</param>
internal sealed class RecoveryBooks(BudgetLedger[] ledgers, long spentAt, long heldAt) : IMarketReplay
{
    /// <summary>Position of the record that is being read.</summary>
    public long Position { get; set; }

    public void Held(int brand, int campaign, long amount, long expiresAt)
    {
        if (Position > heldAt)
        {
            foreach (BudgetLedger ledger in ledgers)
            {
                ledger.Held(brand, campaign, amount, expiresAt);
            }
        }
    }

    public void Charged(int brand, int campaign, long amount, long at, long? heldUntil)
    {
        long? stillHeld = Position > heldAt ? heldUntil : null;
        foreach (BudgetLedger ledger in ledgers)
        {
            if (Position > spentAt)
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
