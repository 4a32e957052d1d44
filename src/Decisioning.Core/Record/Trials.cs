using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

/// <summary>
/// Compares those to whom a campaign is shown with those whom it holds out, by intention to treat. A consumer enters with its first win of the campaign, which the
/// campaign has not yet had any part in: a ghost puts it into the one arm for good, any other into the other one, shown or not. What counts is the same in both: each
/// behaviour's weight, within its daily cap, that occurs within the viewable look-back of that win. Campaigns that hold nobody out have no trial.
/// </summary>
internal static class Trials
{
    /// <summary>Enters the consumer of a draw, where it is the first of its campaign's.</summary>
    /// <returns>Whether it was.</returns>
    public static bool TryEnter(ConsumerState state, in DrawRecord draw, long now)
    {
        CampaignSnapshot campaign = draw.Decision.Campaign;
        if (!campaign.HoldsOut || draw.Decision.Contextual || Find(state, campaign.Brand.Symbol, campaign.Symbol) >= 0)
        {
            return false;
        }

        Enter(state, campaign.Brand.Symbol, campaign.Symbol, draw.Ghost, now);
        return true;
    }

    /// <summary>Enters a consumer who is not in the campaign's trial; the oldest trial makes room.</summary>
    public static void Enter(ConsumerState state, int brand, int campaign, bool heldOut, long now)
    {
        if (state.Trials.Count == StateBounds.Trials)
        {
            state.Trials.RemoveAt(0);
        }

        state.Trials.Add(new TrialEntry(brand, campaign, heldOut, now, 0));
    }

    /// <summary>Counts a behaviour in every trial whose look-back it falls into.</summary>
    /// <param name="weight">Millionths.</param>
    public static void Book(ConsumerState state, BrandSnapshot brand, long occurredAt, long weight, FactWriter facts)
    {
        foreach (ref TrialEntry trial in state.Trials.Items)
        {
            if (trial.Brand == brand.Symbol && trial.Since <= occurredAt && occurredAt - trial.Since < brand.Rules.ViewableLookBack)
            {
                facts.Trial(trial, weight);
                trial.WeightMicros += weight;
            }
        }
    }

    /// <summary>Puts back what a turn booked.</summary>
    /// <returns>False where the consumer is not in the trial.</returns>
    public static bool TryAdd(ConsumerState state, int brand, int campaign, long weight)
    {
        int index = Find(state, brand, campaign);
        if (index >= 0)
        {
            state.Trials[index].WeightMicros += weight;
        }

        return index >= 0;
    }

    private static int Find(ConsumerState state, int brand, int campaign)
    {
        for (int i = 0; i < state.Trials.Count; i++)
        {
            if (state.Trials[i].Campaign == campaign && state.Trials[i].Brand == brand)
            {
                return i;
            }
        }

        return -1;
    }
}
