using Decisioning.Core.Catalogue;

namespace Decisioning.Lab.Recount;

/// <summary>
/// Counts by hand what each cap counts: confirmed exposures and live reservations within its window, which is exact up to 30 d; beyond, it has to have passed the
/// whole UTC day.
/// </summary>
internal static class CapRecount
{
    /// <summary>Every cap that stands on the brand or below it, or on the server, with its count where that is not 0.</summary>
    public static Dictionary<(string Scope, string Id, int Max, long? WindowMs), int> Of(
        BrandSnapshot brand, ServerSettings settings, IReadOnlyCollection<RecountedExposure> all, long t)
    {
        Dictionary<(string, string, int, long?), int> counts = [];
        List<RecountedExposure> own = [.. all.Where(p => p.Brand == brand.Symbol)];
        Count("server", "", settings.Caps, all);
        Count("brand", brand.Id, brand.Caps, own);
        foreach (CampaignSnapshot campaign in brand.Campaigns)
        {
            Count("campaign", campaign.Id, campaign.Caps, own.Where(p => p.Campaign == campaign.Symbol));
        }

        foreach (StepSnapshot step in brand.Storylines.Values.SelectMany(s => s.Steps))
        {
            Count("step", $"{step.Storyline.Id}/{step.Id}", step.Caps, own.Where(p => p.Step == step.Symbol));
        }

        foreach (CreativeSnapshot creative in brand.Creatives.Values)
        {
            Count("creative", creative.Id, creative.Caps, own.Where(p => p.Creative == creative.Symbol));
        }

        return counts;

        void Count(string scope, string id, CapRule[] caps, IEnumerable<RecountedExposure> within)
        {
            foreach (CapRule cap in caps)
            {
                bool lifetime = cap.WindowMs == CapRule.Lifetime;
                int count = within.Count(p => lifetime || (cap.WindowMs <= RecountRules.Memory ? p.At : RecountRules.EndOfDay(p.At)) + cap.WindowMs > t);
                if (count > 0)
                {
                    counts[(scope, id, cap.Max, lifetime ? null : cap.WindowMs)] = count;
                }
            }
        }
    }
}
