using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>
/// The filters, each a question about one campaign, step or creative for one consumer, placement and instant. The quick search for candidates and the full
/// explanation ask the same questions here.
/// </summary>
internal static class Eligibility
{
    public static bool InFlight(CampaignSnapshot campaign, long now) => !campaign.Paused && campaign.From <= now && now < campaign.Until;

    /// <summary>False where the campaign's targeting needs a profile that may not be read.</summary>
    public static bool Consented(CampaignSnapshot campaign, in BrandReading reading) => !reading.Contextual || !campaign.Targeting.NeedsProfile;

    public static bool Targeted(CampaignSnapshot campaign, ConsumerState state, ref BrandReading reading, PlacementCommand placement, string? country, long now)
    {
        TargetingSnapshot targeting = campaign.Targeting;
        return Allows(targeting.Channels, placement.Channel)
            && Allows(targeting.Countries, country)
            && (targeting.Include.Length == 0 || AudienceRules.ContainsAny(targeting.Include, state, ref reading, now))
            && (targeting.Exclude.Length == 0 || !AudienceRules.ContainsAny(targeting.Exclude, state, ref reading, now));
    }

    /// <summary>Whether a set that restricts only where it is not empty allows a value; what is not said is not allowed by a set.</summary>
    public static bool Allows(System.Collections.Frozen.FrozenSet<string> set, string? value) =>
        ReferenceEquals(set, System.Collections.Frozen.FrozenSet<string>.Empty) || set.Count == 0 || (value is not null && set.Contains(value));

    public static bool Fits(CreativeSnapshot creative, PlacementCommand placement) =>
        (placement.Formats >> (int)creative.Format & 1) != 0 && creative.FitsSize(placement.Size);

    public static bool Fits(FitGroup group, PlacementCommand placement) =>
        group.Creatives.Length > 0 && (placement.Formats >> (int)group.Format & 1) != 0 && group.Creatives[0].FitsSize(placement.Size);

    /// <summary>
    /// A step is open where the stage is in <c>for</c>, or one of <c>after</c> holds, or intent has reached <c>minIntent</c>; not before the furthest one
    /// seen unless the stage has fallen since; not once the story has ended.
    /// </summary>
    public static bool IsOpen(StepSnapshot step, ConsumerState state, ref BrandReading reading, in StoryProgress progress, PlacementCommand placement, long now)
    {
        if (step.Paused || progress.Ended || !Allows(step.Channels, placement.Channel))
        {
            return false;
        }

        DeeplinkStage stage = reading.StageAt(state, now);
        return (step.Index >= progress.Furthest || stage < progress.FurthestStage)
            && (((int)step.For >> (int)stage & 1) != 0
                || (step.MinIntent is { } least && reading.IntentAt(state, now) >= least)
                || HasHappened(step, state, reading.Slot, progress));
    }

    /// <summary>The instant from which the storyline's gap is over; null where it is.</summary>
    public static long? GapUntil(in StoryProgress progress, long now) => progress.GapUntil > now ? progress.GapUntil : null;

    private static bool HasHappened(StepSnapshot step, ConsumerState state, int slot, in StoryProgress progress)
    {
        foreach (StepCondition condition in step.After)
        {
            if (progress.TimesMet(state, slot, step.Storyline.Steps[condition.StepIndex], condition.On) >= condition.Times)
            {
                return true;
            }
        }

        return false;
    }
}
