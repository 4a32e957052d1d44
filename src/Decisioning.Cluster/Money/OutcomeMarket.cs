using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Cluster.Money;

/// <summary>What an outcome cost and this silo's block did not have.</summary>
/// <param name="HeldUntil">The end of the hold that pays, ms since the Unix epoch; −1: there is none.</param>
internal readonly record struct OutcomeClaim(int Brand, int Campaign, long Amount, long HeldUntil);

/// <summary>The silo's market for one turn of outcomes: notes what it could not pay, so that the turn can be dropped and run again when the money is here. One thread's.</summary>
internal sealed class OutcomeMarket(SiloMarket market) : IMarket
{
    private readonly List<(int Brand, int Campaign, long Amount)> _paid = [];
    private OutcomeClaim? _short;

    /// <summary>Forgets the turn before.</summary>
    public OutcomeMarket Begin()
    {
        _paid.Clear();
        _short = null;
        return this;
    }

    public MarketAnswer Check(CampaignSnapshot campaign, long now) => market.Check(campaign, now);

    public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt) => market.TryHold(campaign, amount, now, expiresAt);

    public bool TryChargeHeld(int brand, int campaign, long amount, long expiresAt, long now) =>
        Note(market.TryChargeHeld(brand, campaign, amount, expiresAt, now), new OutcomeClaim(brand, campaign, amount, expiresAt));

    public bool TryCharge(int brand, int campaign, long amount, long now) =>
        Note(market.TryCharge(brand, campaign, amount, now), new OutcomeClaim(brand, campaign, amount, -1));

    /// <summary>Ends the turn. Where something could not be paid nothing of it is: the turn must be dropped.</summary>
    /// <returns>What could not be paid first; null where all was.</returns>
    public OutcomeClaim? End()
    {
        if (_short is not null)
        {
            _paid.ForEach(p => market.Uncharge(p.Brand, p.Campaign, p.Amount));
        }

        return _short;
    }

    private bool Note(bool paid, in OutcomeClaim charge)
    {
        if (paid)
        {
            _paid.Add((charge.Brand, charge.Campaign, charge.Amount));
        }
        else
        {
            _short ??= charge;
        }

        return paid;
    }
}
