using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

/// <summary>
/// What a pass over every consumer adds up for one brand: the distribution of intent, and by stage what consumers spend and how many of them buy. What a
/// brand's assets are worth is worked out from it (<see cref="Valuation"/>).
/// </summary>
/// <param name="brand">As of the pass.</param>
/// <param name="at">The pass's instant, ms since the Unix epoch.</param>
public sealed class BrandTally(BrandSnapshot brand, long at)
{
    private const long SpendWindow = 365 * BrandCalendar.MillisecondsPerDay;
    private const long ConversionWindow = 30 * BrandCalendar.MillisecondsPerDay;
    private const int Buckets = 10;

    /// <summary>Stages that are told apart: those of AIPL and none.</summary>
    internal const int StageCount = (int)Stage.Loyalty + 1;

    private readonly long[] _intent = new long[Buckets];
    private readonly StageTally[] _stages = new StageTally[StageCount];
    private readonly long _dayStart = brand.Calendar.StartOf(brand.Calendar.DayOf(at) - 1);
    private readonly long _dayEnd = brand.Calendar.StartOf(brand.Calendar.DayOf(at));

    public BrandSnapshot Brand => brand;

    public IntentHistogram Intent => new(at, [.. _intent]);

    /// <summary>The net moves of the brand's day before the pass's.</summary>
    public NetMatrix Net { get; } = new(brand.Calendar.DayOf(at) - 1);

    /// <summary>Everybody with a record, live evidence or not.</summary>
    public long Consumers => _stages.Sum(static s => s.Consumers);

    /// <summary>By <see cref="Stage"/>.</summary>
    public IReadOnlyList<StageTally> Stages => _stages;

    /// <summary>Takes in one consumer, whose state was brought to the pass's instant.</summary>
    /// <returns>What it spent with the brand in 365 d, micros; null where it has no record with the brand.</returns>
    public long? Add(ConsumerState state)
    {
        int slot = state.SlotOf(brand.Symbol);
        if (slot < 0 || state.IsMark)
        {
            return null;
        }

        _intent[Math.Min(Buckets - 1, (int)(IntentScore.At(state, slot, brand.Rules, at) / Buckets))]++;
        int stage = (int)Names.Aipl(StageRules.At(state, slot, brand.Rules, at));
        long spend = 0;
        bool bought = false;
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            if (order.Slot == slot && order.CountsAsPurchase && order.PurchasedAt <= at)
            {
                spend += at - order.PurchasedAt < SpendWindow ? order.Value - order.Refunded : 0;
                bought |= at - order.PurchasedAt < ConversionWindow;
            }
        }

        _stages[stage] = _stages[stage] with { Consumers = _stages[stage].Consumers + 1, SpendMicros = _stages[stage].SpendMicros + spend };
        Net.Add(Names.Aipl(StageHistory.At(state, slot, _dayStart)), Names.Aipl(StageHistory.At(state, slot, _dayEnd)));
        if (StageBefore(state, slot) is { } before)
        {
            ref StageTally then = ref _stages[(int)before];
            then = then with { Cohort = then.Cohort + 1, Bought = then.Bought + (bought ? 1 : 0) };
        }

        return spend;
    }

    /// <summary>The stage 30 d ago, as far as the newest changes tell; null where the consumer was not known then.</summary>
    private Stage? StageBefore(ConsumerState state, int slot)
    {
        long then = at - ConversionWindow;
        DeeplinkStage? stage = null;
        foreach (ref readonly StageChangeEntry change in state.StageChanges.Items)
        {
            if (change.Slot == slot && change.Instant <= then)
            {
                stage = change.To;
            }
        }

        return stage is { } known ? Names.Aipl(known) : null;
    }
}
