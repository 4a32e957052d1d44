using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Aggregate;

/// <summary>
/// A brand's books at one instant, frozen: what dashboards show and watchers are sent. Counts are of consumers, delivery figures are totals since the books
/// began, money is in micros of the brand's currency. Entries that were never counted are left out.
/// </summary>
public sealed class BrandPulse
{
    /// <summary>The brand's id.</summary>
    public required string Brand { get; init; }

    /// <summary>Grows with every change of anything below; equal versions are equal pulses.</summary>
    public required long Version { get; init; }

    /// <summary>Instant of the newest turn in the books, or of the last beat where later; ms since the Unix epoch.</summary>
    public required long AsOf { get; init; }

    /// <summary>Version of the brand's document whose rules the stages follow.</summary>
    public required string RulesVersion { get; init; }

    /// <summary>True while consumers are brought under changed rules in the background.</summary>
    public required bool Reclassifying { get; init; }

    /// <summary>Consumers by <see cref="DeeplinkStage"/>; index 0 (none): known to the brand, without live evidence.</summary>
    public required long[] Deeplink { get; init; }

    /// <summary>Gross flows of the current hour and the 23 before it, oldest first; pairs without a flow are left out.</summary>
    public required HourFlow[] Flows { get; init; }

    /// <summary>Median and quartiles of the time spent in each AIPL stage by those who left it in the last 28 days; stages nobody left are absent.</summary>
    public required StageDwell[] Dwell { get; init; }

    public required CampaignDelivery[] Campaigns { get; init; }

    public required CreativeDelivery[] Creatives { get; init; }

    public required StepDelivery[] Steps { get; init; }

    public required ChannelDelivery[] Channels { get; init; }

    /// <summary>By <see cref="NoDecisionReason"/>: slots that stayed empty although this brand was asked for.</summary>
    public required long[] NoDecisions { get; init; }

    public required SpendTotals Spend { get; init; }

    public required IntentHistogram Intent { get; init; }

    public required IntentIndex PurchaseIntentIndex { get; init; }

    public required AssetTotals Assets { get; init; }

    public required ActivityTotals Activity { get; init; }

    /// <summary>Consumers with live evidence: the deduplicated total.</summary>
    public long Link => Deeplink.Sum() - Deeplink[0];

    /// <summary>Consumers by <see cref="Stage"/>, summed from the fine stages.</summary>
    public long[] Stages()
    {
        long[] stages = new long[5];
        for (int fine = 0; fine < Deeplink.Length; fine++)
        {
            stages[(int)Names.Aipl((DeeplinkStage)fine)] += Deeplink[fine];
        }

        return stages;
    }
}

/// <summary>Where a flow between stages begins or ends: a DEEPLINK stage, or outside of them.</summary>
public enum FlowEnd : byte { None, Discover, Engage, Enthuse, Perform, Initial, Numerous, Keen, Imported, Erased }

/// <param name="Hour">Start of the hour, ms since the Unix epoch, UTC; the hour in which the change was recorded.</param>
/// <param name="Count">Consumers who went that way, above 0.</param>
public readonly record struct HourFlow(long Hour, FlowEnd From, FlowEnd To, long Count);

/// <param name="Left">How many left the stage.</param>
/// <param name="MedianMs">From the buckets of a histogram with eight steps an octave: within 10 %.</param>
public readonly record struct StageDwell(Stage Stage, long Left, long LowerQuartileMs, long MedianMs, long UpperQuartileMs);

/// <summary>What became of what was delivered; each counts once a decision.</summary>
/// <param name="Won">Decisions, ghosts left out.</param>
/// <param name="Rendered">Confirmed impressions, late ones included.</param>
/// <param name="Late">Impressions that came after their reservation's end.</param>
/// <param name="ConversionsMicros">Purchases, split evenly over the touched decisions before each, in millionths.</param>
/// <param name="RevenueMicros">Their value, split alike.</param>
/// <param name="CreditsMicros">Behaviours' weights split over touched decisions, in millionths.</param>
/// <param name="SpendMicros">Billed.</param>
public readonly record struct Delivery(
    long Won, long Rendered, long Viewable, long Watched, long Skips, long Clicks, long Engagements, long Dismissals, long Late,
    long ConversionsMicros, long RevenueMicros, long CreditsMicros, long SpendMicros);

/// <summary>How far a campaign came with the slots it was asked for; each figure is a part of the one before.</summary>
/// <param name="Requests">Slots for which the brand was asked while the campaign was in flight.</param>
/// <param name="Targeted">Of these, consent and targeting passed.</param>
/// <param name="Stepped">Of these, a step was open, out of its gap, with a creative that fits.</param>
/// <param name="Uncapped">Of these, no cap was full.</param>
/// <param name="Paced">Of these, pacing and budget let it pass: it could be drawn.</param>
public readonly record struct Funnel(long Requests, long Targeted, long Stepped, long Uncapped, long Paced);

/// <param name="Id">The campaign; also one that has left the catalogue.</param>
/// <param name="Ghosts">Wins for consumers it holds out.</param>
/// <param name="Exposed">Distinct consumers with a confirmed impression.</param>
/// <param name="PlannedMicros">What pacing would have let it spend today until now; null without a budget. Of a flat price what was booked today.</param>
/// <param name="HeldMicros">Held by live reservations.</param>
/// <param name="FeeMicros">The part of its spend that was booked of a flat price, by days: no creative, step or channel has it.</param>
/// <param name="Goal">Null where it has none.</param>
/// <param name="Trial">Against its holdout; null where nobody has entered.</param>
public sealed record CampaignDelivery(
    string Id, bool Active, bool Paused, Funnel Funnel, Delivery Delivery, long Ghosts, long Exposed, long SpendTodayMicros, long HeldMicros,
    long FeeMicros, long? PlannedMicros, long? TotalBudgetMicros, long? DailyBudgetMicros, CampaignGoalProgress? Goal, CampaignTrial? Trial);

/// <param name="Date">The local day by which it is to be reached.</param>
/// <param name="Stages">For each named stage: what is wanted and what there is.</param>
public sealed record CampaignGoalProgress(DateOnly? Date, StageGoal[] Stages);

public readonly record struct StageGoal(Stage Stage, long Wanted, long Reached);

public sealed record CreativeDelivery(string Id, bool Paused, Delivery Delivery);

/// <param name="Index">Position in the storyline; −1 for a step that has left the catalogue.</param>
/// <param name="Reached">Distinct consumers who saw it.</param>
public sealed record StepDelivery(string Storyline, string Id, int Index, long Reached, Delivery Delivery);

/// <param name="Id">The placements' channel; empty where none was named, <c>other</c> beyond the bound.</param>
public sealed record ChannelDelivery(string Id, Delivery Delivery);

/// <param name="TotalMicros">Billed since the books began.</param>
/// <param name="TodayMicros">Billed on the brand's local day.</param>
/// <param name="RevenueMicros">Purchases' value, refunds taken off.</param>
public readonly record struct SpendTotals(string Currency, long TotalMicros, long TodayMicros, long HeldMicros, long RevenueMicros);

/// <summary>Consumers by intent score, from a background pass.</summary>
/// <param name="AsOf">When the pass ended; 0 before the first.</param>
/// <param name="Buckets">Ten of width 10; a score of 100 is in the last. Consumers without any record with the brand are not in it.</param>
public sealed record IntentHistogram(long AsOf, long[] Buckets);

/// <summary>The campaign Purchase Intent Index: behaviours' weights credited to touched decisions.</summary>
/// <param name="CreditsMicros">Credited to decisions, millionths of weight, last 28 days.</param>
/// <param name="OrganicMicros">Behaviours with no touched decision, last 28 days.</param>
/// <param name="WeightMicros">All behaviours, capped: credits + organic, exactly.</param>
/// <param name="PerThousandExposed">Credits per 1,000 newly exposed consumers over 28 days; null without any.</param>
/// <param name="Index">On the 28 days before = 100; null where those had none.</param>
/// <param name="LateTouches">Touches that came after their outcome.</param>
public readonly record struct IntentIndex(
    long CreditsMicros, long OrganicMicros, long WeightMicros, double? PerThousandExposed, double? Index, long LateTouches);

/// <summary>Consumer assets: consumers × purchasing power × conversion power, summed over stages.</summary>
/// <param name="AccountingDay">The local day whose powers are in force; null before the first valuation.</param>
/// <param name="ValueMicros">Millionths of an average consumer's worth.</param>
/// <param name="Stages">By stage: the power of one consumer in millionths, and the sum.</param>
/// <param name="Lines">The newest lines of the ledger, newest first.</param>
/// <param name="IndustryIndex">The brand's assets per consumer on the mean of its industry = 100; null under five brands.</param>
public sealed record AssetTotals(
    DateOnly? AccountingDay, long ValueMicros, StageAsset[] Stages, SubLedger[] ByCause, SubLedger[] ByChannel, SubLedger[] ByCreative, AssetLine[] Lines,
    double? IndustryIndex);

public readonly record struct StageAsset(Stage Stage, long Consumers, long UnitMicros, long ValueMicros);

/// <summary>A part of the ledger; the parts of each cut sum to it.</summary>
public sealed record SubLedger(string Name, long DeltaMicros);

/// <param name="Cause">An event type's name, or <c>time</c>, <c>rules</c>, <c>import</c>, <c>erasure</c>, <c>valuation</c>.</param>
public sealed record AssetLine(long At, string Cause, string? Channel, string? Creative, FlowEnd From, FlowEnd To, long DeltaMicros);

/// <param name="Decisions">Decisions made for the brand since the books began.</param>
/// <param name="Events">Events recorded for it.</param>
/// <param name="LastEventAt">Of the newest event; 0 where there was none.</param>
/// <param name="EventsPerSecond">The last 60 full seconds before <see cref="BrandPulse.AsOf"/>, oldest first.</param>
/// <param name="DecisionsPerSecond">Likewise.</param>
public sealed record ActivityTotals(long Decisions, long Events, long LastEventAt, int[] EventsPerSecond, int[] DecisionsPerSecond);
