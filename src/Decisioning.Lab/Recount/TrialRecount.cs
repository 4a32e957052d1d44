using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Lab.Recount;

/// <summary>One arm of a campaign's trial.</summary>
/// <param name="Campaign">Campaign symbol.</param>
internal readonly record struct RecountedArm(int Brand, int Campaign, bool HeldOut);

/// <summary>
/// Puts one consumer into the trials of campaigns: its first draw of each decides whether it is among those held out, and behaviours within the viewable look-back of that
/// draw add their weight.
/// </summary>
internal sealed class TrialRecount
{
    private readonly Dictionary<(int Brand, int Campaign), (bool HeldOut, long Since, UInt128 Weight)> _trials = [];

    /// <summary>Whether there were so many that the first are forgotten, and may have been entered again.</summary>
    public bool Crowded => _trials.Count > RecountRules.Trials;

    /// <summary>Takes in the next draw.</summary>
    public void Draw(in BookedDraw booked)
    {
        RecordedDecision drawn = booked.Draw.Decision;
        if (!drawn.Contextual)
        {
            _trials.TryAdd((drawn.Brand, drawn.Campaign), (booked.Draw.Ghost, booked.At, 0));
        }
    }

    /// <summary>Takes in the next behaviour that its day's cap lets count.</summary>
    /// <param name="weight">Millionths.</param>
    public void Add(BrandSnapshot brand, long occurredAt, long weight)
    {
        foreach (((int Brand, int Campaign) key, var trial) in _trials)
        {
            if (key.Brand == brand.Symbol && RecountRules.IsLive(trial.Since, brand.Rules.ViewableLookBack, occurredAt))
            {
                _trials[key] = trial with { Weight = trial.Weight + (UInt128)weight };
            }
        }
    }

    /// <summary>Adds the consumer to the arms.</summary>
    public void AddTo(Dictionary<RecountedArm, TrialArm> arms)
    {
        foreach (((int brand, int campaign), (bool heldOut, long _, UInt128 weight)) in _trials)
        {
            RecountedArm arm = new(brand, campaign, heldOut);
            arms[arm] = arms.GetValueOrDefault(arm) + new TrialArm(1, (long)weight, weight * weight);
        }
    }
}
