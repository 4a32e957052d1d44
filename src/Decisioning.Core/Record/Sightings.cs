using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

/// <summary>What a consumer has seen before: confirmed exposures, and what is kept of those that have left the list.</summary>
internal static class Sightings
{
    /// <summary>Which of brand, campaign and step the consumer sees for the first time with an exposure.</summary>
    /// <param name="state">The consumer.</param>
    /// <param name="index">The exposure; it is left out of the account.</param>
    /// <param name="atDecision">It is shown by its decision: what the same decision shows after it was not there before it.</param>
    public static FactFlags FirstOf(ConsumerState state, int index, bool atDecision = false)
    {
        if (state.IsMark)
        {
            return FactFlags.None;
        }

        ref readonly ExposureEntry seen = ref state.Exposures[index];
        FactFlags first = FactFlags.FirstOfBrand
            | (seen.Campaign != 0 ? FactFlags.FirstOfCampaign : FactFlags.None)
            | (seen.Step != 0 ? FactFlags.FirstOfStep : FactFlags.None);
        for (int i = 0; i < state.Exposures.Count && first != FactFlags.None; i++)
        {
            ref readonly ExposureEntry other = ref state.Exposures[i];
            bool isLater = atDecision && other.At == seen.At && other.Ordinal > seen.Ordinal;
            if (i != index && other.Slot == seen.Slot && other.IsConfirmed && !isLater)
            {
                first &= ~Shared(other.Campaign == seen.Campaign, other.Step == seen.Step);
            }
        }

        foreach (ref readonly CapCounterEntry counter in state.CapCounters.Items)
        {
            if (counter.Slot == seen.Slot)
            {
                first &= ~Shared(
                    counter.Scope == CapScope.Campaign && counter.Symbol == seen.Campaign, counter.Scope == CapScope.Step && counter.Symbol == seen.Step);
            }
        }

        return first;
    }

    private static FactFlags Shared(bool campaign, bool step) =>
        FactFlags.FirstOfBrand | (campaign ? FactFlags.FirstOfCampaign : FactFlags.None) | (step ? FactFlags.FirstOfStep : FactFlags.None);
}
