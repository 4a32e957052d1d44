using Decisioning.Load.Arrivals;

namespace Decisioning.Load.Scenarios;

/// <summary>What is to be done to a server: who comes how often, asks for what, and what follows.</summary>
internal sealed record Scenario
{
    /// <summary>Its file's name without the ending.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a sentence or two.</summary>
    public required string About { get; init; }

    public required WorldShape World { get; init; }

    /// <summary>Visits a second where the curve is 1; above 0.</summary>
    public required double Rate { get; init; }

    /// <summary>How long it is measured, above 0.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds in which the rate climbs to its beginning, before anything is measured; 0 or more.</summary>
    public required double Warmup { get; init; }

    /// <summary>Multiples of the rate by the second of the measured time.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    public required VisitMix Mix { get; init; }

    public required DecisionShape Decisions { get; init; }

    public required EventShape Events { get; init; }

    public required FollowUpRates FollowUps { get; init; }

    public required VisitorShape Visitors { get; init; }

    /// <summary>Seconds between two changes of a brand's document; null: there are none.</summary>
    public required double? ChangeEvery { get; init; }

    /// <summary>How many watch brands meanwhile.</summary>
    public required int Watchers { get; init; }

    /// <summary>Whether the server's own process is started anew once its world is there, so that nobody is in memory.</summary>
    public required bool ColdServer { get; init; }

    /// <summary>What the heap of the generator's own server may take at most, megabytes, as in a container of that size; null: the machine's memory.</summary>
    public required int? ServerHeap { get; init; }

    /// <summary>Whether the folder of the generator's own server is recounted in the end.</summary>
    public required bool Verify { get; init; }

    public required ThresholdSet Thresholds { get; init; }

    /// <summary>The same world and visitors, without all that is beside the visits themselves.</summary>
    /// <param name="mix">What the visits are.</param>
    public Scenario Plain(VisitMix mix)
    {
        FollowUp none = new(0, 0);
        return this with
        {
            Mix = mix,
            FollowUps = new FollowUpRates { Impression = none, Viewable = none, Click = none, Conversion = none, Retry = none, Repeat = none, Lost = 0 },
            ChangeEvery = null,
            Watchers = 0,
            ColdServer = false,
        };
    }

    /// <summary>Whether nobody tells anything that has to be kept before it is answered.</summary>
    public bool OnlyDecides => Mix.Events == 0 && FollowUps.Impression.Share == 0 && ChangeEvery is null;
}

/// <summary>What a visit is, by weight; at least one above 0.</summary>
/// <param name="Decisions">A decision is asked for.</param>
/// <param name="Events">A batch of events is sent.</param>
/// <param name="Bad">Something is sent that must be refused.</param>
internal sealed record VisitMix(double Decisions, double Events, double Bad);

/// <summary>What decisions are asked for.</summary>
/// <param name="Placements">From 1 to 30.</param>
/// <param name="Count">Of each placement, from 1 to 20.</param>
/// <param name="Formats">Of every placement.</param>
/// <param name="Size">Of every placement; null: any.</param>
/// <param name="OneBrand">The share of requests that name one brand; the others leave it open.</param>
internal sealed record DecisionShape(int Placements, int Count, IReadOnlyList<string> Formats, string? Size, double OneBrand);

/// <summary>What events are sent.</summary>
/// <param name="Batch">Events a request, all of one consumer and brand, from 1 to 50.</param>
/// <param name="Types">Types by weight.</param>
internal sealed record EventShape(int Batch, IReadOnlyDictionary<string, double> Types);

/// <summary>What follows a decision, each with the share of those before that it follows, and the mean of its exponential delay in seconds.</summary>
internal sealed record FollowUpRates
{
    /// <summary>Of decisions.</summary>
    public required FollowUp Impression { get; init; }

    /// <summary>Of impressions.</summary>
    public required FollowUp Viewable { get; init; }

    /// <summary>Of viewables.</summary>
    public required FollowUp Click { get; init; }

    /// <summary>Of clicks: a purchase.</summary>
    public required FollowUp Conversion { get; init; }

    /// <summary>The same request once more, of decisions.</summary>
    public required FollowUp Retry { get; init; }

    /// <summary>The same tracker or the same batch once more, of trackers and batches.</summary>
    public required FollowUp Repeat { get; init; }

    /// <summary>The share of trackers that get lost on their way.</summary>
    public required double Lost { get; init; }
}

/// <param name="Share">From 0 to 1.</param>
/// <param name="Delay">Seconds on the average.</param>
internal sealed record FollowUp(double Share, double Delay);

/// <summary>Who comes.</summary>
/// <param name="Fresh">The share of visits by somebody never seen before.</param>
/// <param name="HotConsumer">The share of visits by one and the same consumer.</param>
/// <param name="HotBrand">The share of visits that are about one and the same brand.</param>
/// <param name="Once">Whether each of the known comes once before any comes again.</param>
internal sealed record VisitorShape(double Fresh, double HotConsumer, double HotBrand, bool Once);

/// <summary>What a run is held to; null: not held.</summary>
/// <param name="DecisionP99">Milliseconds.</param>
/// <param name="DecisionP999">Milliseconds.</param>
/// <param name="EventsP99">Milliseconds.</param>
/// <param name="EventsMax">Milliseconds.</param>
/// <param name="DecisionsBeyond">Milliseconds by which the longest decision may exceed the reference's longest; judged where there is a reference.</param>
/// <param name="EventsBeyond">The same of events and trackers, which are answered when they are on disk, and the reference's events.</param>
/// <param name="Refused">The share of calls that may be refused with 429 or 503 and <c>Retry-After</c>; of what failed otherwise none may be.</param>
/// <param name="CalmAfter">Seconds after the curve's last point until the p99 of decisions is again no more than twice what it was before the curve first rose.</param>
/// <param name="MemoryGrowth">How much the server's memory may grow over the judged time, as a share of itself.</param>
internal sealed record ThresholdSet(
    double? DecisionP99, double? DecisionP999, double? EventsP99, double? EventsMax, double? DecisionsBeyond, double? EventsBeyond, double Refused, double? CalmAfter, double? MemoryGrowth);
