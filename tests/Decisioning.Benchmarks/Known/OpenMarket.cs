using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Benchmarks.Known;

/// <summary>A market without limits.</summary>
internal sealed class OpenMarket : IMarket
{
    public static OpenMarket Instance { get; } = new();

    public MarketAnswer Check(CampaignSnapshot campaign, long now) => default;

    public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt) => true;

    public bool TryChargeHeld(int brand, int campaign, long amount, long expiresAt, long now) => true;

    public bool TryCharge(int brand, int campaign, long amount, long now) => true;
}
