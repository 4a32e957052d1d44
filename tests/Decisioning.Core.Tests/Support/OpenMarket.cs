using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Tests.Support;

/// <summary>A market with room for everything that notes what it was told; refusals can be scripted.</summary>
internal sealed class OpenMarket : IMarket, IMarketReplay
{
    public List<string> Movements { get; } = [];

    public Func<CampaignSnapshot, MarketAnswer> Answer { get; set; } = _ => default;

    public bool HasRoom { get; set; } = true;

    public MarketAnswer Check(CampaignSnapshot campaign, long now) => Answer(campaign);

    public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt)
    {
        Note(HasRoom, $"hold {campaign.Id} {amount} until {expiresAt}");
        return HasRoom;
    }

    public bool TryChargeHeld(int brand, int campaign, long amount, long expiresAt, long now)
    {
        Note(true, $"charge held {campaign} {amount}");
        return true;
    }

    public bool TryCharge(int brand, int campaign, long amount, long now)
    {
        Note(HasRoom, $"charge {campaign} {amount}");
        return HasRoom;
    }

    public void Held(int brand, int campaign, long amount, long expiresAt) => Note(true, $"again hold {campaign} {amount} until {expiresAt}");

    public void Charged(int brand, int campaign, long amount, long at, long? heldUntil) => Note(true, $"again charge {campaign} {amount} held {heldUntil}");

    private void Note(bool done, string movement)
    {
        if (done)
        {
            Movements.Add(movement);
        }
    }
}
