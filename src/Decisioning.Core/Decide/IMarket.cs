using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Decide;

/// <summary>
/// What a decision may know of money: whether a campaign's pacing and budget let one more through, and a way to hold a price. Held + charged never exceeds
/// the budget. Called inside turns, from many threads: never blocks, never does I/O. Money is in micros of the brand's currency.
/// </summary>
public interface IMarket
{
    /// <summary>Whether one more of the campaign's unit price fits now, and if not, why and from when.</summary>
    MarketAnswer Check(CampaignSnapshot campaign, long now);

    /// <summary>Takes the amount out of what may be spent until <paramref name="expiresAt"/>, when it comes back by itself. False where it no longer fits.</summary>
    bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt);

    /// <summary>
    /// Turns a live hold (now &lt; expiresAt) into spending. Where the hold is not there, lost in a crash with its decision, the amount is spent where it fits;
    /// false where it does not.
    /// </summary>
    bool TryChargeHeld(int brand, int campaign, long amount, long expiresAt, long now);

    /// <summary>Spends without a hold, where it fits. False where it does not, or where brand or campaign are gone.</summary>
    bool TryCharge(int brand, int campaign, long amount, long now);
}

/// <summary>Told by a turn that is applied again from the journal what its money movements were; no check is made again.</summary>
public interface IMarketReplay
{
    void Held(int brand, int campaign, long amount, long expiresAt);

    /// <param name="heldUntil">The expiry of the hold that this charge used up; null where there was none.</param>
    void Charged(int brand, int campaign, long amount, long at, long? heldUntil);
}

public enum MarketRefusal : byte { None, Pacing, Budget }

/// <param name="RetryAt">When it may fit, ms since the Unix epoch; null where time does not help.</param>
public readonly record struct MarketAnswer(MarketRefusal Refusal, long? RetryAt);

/// <summary>Answers questions as the market it looks at does, and takes no money: for tests and previews, which change nothing.</summary>
public sealed class LookOnlyMarket(IMarket market) : IMarket
{
    public MarketAnswer Check(CampaignSnapshot campaign, long now) => market.Check(campaign, now);

    public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt) => true;

    public bool TryChargeHeld(int brand, int campaign, long amount, long expiresAt, long now) => true;

    public bool TryCharge(int brand, int campaign, long amount, long now) => true;
}
