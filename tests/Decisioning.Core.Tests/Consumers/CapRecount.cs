using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>One decision as its requester saw it.</summary>
internal sealed class Given(int brand, int campaign, int step, int creative, long at, long reserveMs)
{
    public int Brand => brand;

    public int Campaign => campaign;

    public int Step => step;

    public int Creative => creative;

    public long At => at;

    public bool Confirmed { get; set; } = reserveMs == 0;

    public long ReservedUntil => at + reserveMs;

    /// <summary>What a cap counts: confirmed, or reserved still, within the window.</summary>
    public bool Counts(CapRule cap, long now) =>
        (Confirmed || now < ReservedUntil) && (cap.WindowMs == CapRule.Lifetime || now < at + cap.WindowMs);
}

/// <summary>Counts caps from the plain list of everything that was ever given out.</summary>
internal sealed class CapRecount(CatalogueSnapshot catalogue)
{
    public List<Given> All { get; } = [];

    /// <summary>Whether every cap on a creative in a step of a campaign has room for one more.</summary>
    public bool HasRoom(CampaignSnapshot campaign, StepSnapshot step, CreativeSnapshot creative, long now) =>
        Levels(campaign, step, creative).All(level => level.Caps.All(cap => All.Count(g => level.Matches(g) && g.Counts(cap, now)) < cap.Max));

    /// <summary>The cap that holds more than it allows; null where none does.</summary>
    public string? Broken(CampaignSnapshot campaign, StepSnapshot step, CreativeSnapshot creative, long now) =>
        (from level in Levels(campaign, step, creative)
         from cap in level.Caps
         let count = All.Count(g => level.Matches(g) && g.Counts(cap, now))
         where count > cap.Max
         select $"{level.Name} {cap}: {count}").FirstOrDefault();

    private (string Name, CapRule[] Caps, Func<Given, bool> Matches)[] Levels(CampaignSnapshot campaign, StepSnapshot step, CreativeSnapshot creative)
    {
        int brand = campaign.Brand.Symbol;
        return
        [
            ("server", catalogue.Settings.Caps, _ => true),
            ("brand", campaign.Brand.Caps, g => g.Brand == brand),
            ("campaign", campaign.Caps, g => g.Brand == brand && g.Campaign == campaign.Symbol),
            ("step", step.Caps, g => g.Brand == brand && g.Step == step.Symbol),
            ("creative", creative.Caps, g => g.Brand == brand && g.Creative == creative.Symbol),
        ];
    }
}
