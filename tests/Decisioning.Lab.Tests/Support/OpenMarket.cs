using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Lab.Tests.Support;

/// <summary>A market with money for everything.</summary>
internal sealed class OpenMarket : IMarket
{
    public MarketAnswer Check(CampaignSnapshot campaign, long now) => default;

    public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt) => true;

    public bool TryChargeHeld(int brand, int campaign, long amount, long expiresAt, long now) => true;

    public bool TryCharge(int brand, int campaign, long amount, long now) => true;
}
