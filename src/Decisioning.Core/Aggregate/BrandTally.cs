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
    private const int Stages = 5;

    private readonly long[] _intent = new long[Buckets];
    private readonly long[] _consumers = new long[Stages];
    private readonly long[] _spend = new long[Stages];
    private readonly long[] _cohort = new long[Stages];
    private readonly long[] _bought = new long[Stages];
    private readonly long _dayStart = brand.Calendar.StartOf(brand.Calendar.DayOf(at) - 1);
    private readonly long _dayEnd = brand.Calendar.StartOf(brand.Calendar.DayOf(at));

    public BrandSnapshot Brand => brand;

    public IntentHistogram Intent => new(at, [.. _intent]);

    /// <summary>The net moves of the brand's day before the pass's.</summary>
    public NetMatrix Net { get; } = new(brand.Calendar.DayOf(at) - 1);

    /// <summary>Everybody with a record, live evidence or not.</summary>
    public long Consumers => _consumers.Sum();

    /// <summary>What all of them spent in 365 d, refunds taken off, micros.</summary>
    public long SpendMicros => _spend.Sum();

    public long ConsumersOf(Stage stage) => _consumers[(int)stage];

    /// <summary>What consumers now in the stage spent in 365 d, refunds taken off, micros.</summary>
    public long SpendOf(Stage stage) => _spend[(int)stage];

    /// <summary>Consumers who were in the stage 30 d ago.</summary>
    public long CohortOf(Stage stage) => _cohort[(int)stage];

    /// <summary>Those of them who have bought since.</summary>
    public long BoughtOf(Stage stage) => _bought[(int)stage];

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

        _consumers[stage]++;
        _spend[stage] += spend;
        Net.Add(Names.Aipl(StageHistory.At(state, slot, _dayStart)), Names.Aipl(StageHistory.At(state, slot, _dayEnd)));
        if (StageBefore(state, slot) is { } before)
        {
            _cohort[(int)before]++;
            _bought[(int)before] += bought ? 1 : 0;
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
