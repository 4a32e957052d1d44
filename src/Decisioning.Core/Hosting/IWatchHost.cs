using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Hosting;

/// <summary>The engine's port for those who watch, recount and import; beside <see cref="IDecisionHost"/>, and never in the way of it.</summary>
public interface IWatchHost
{
    /// <summary>The brand's books as of the last beat; cheap, the same object until something changed. Null where there is no such brand.</summary>
    BrandPulse? ReadPulse(string brandId);

    /// <summary>Hourly or daily series of one metric; null where there is no such brand.</summary>
    /// <exception cref="ArgumentException">No such metric: see <see cref="SeriesMetrics"/>.</exception>
    ValueTask<Series?> ReadHistoryAsync(string brandId, SeriesQuery query, CancellationToken cancellation);

    /// <summary>Counts every consumer of the brand anew and compares with the books; null where there is no such brand.</summary>
    ValueTask<RecountReport?> RecountAsync(string brandId, CancellationToken cancellation);

    /// <summary>Takes in history of any age: it builds state and books no flows, credits or spend. Durable when answered, one result an event in their order.</summary>
    ValueTask<EventResult[]> ImportAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation);
}

/// <param name="Metric">One of <see cref="SeriesMetrics"/>.</param>
/// <param name="From">First instant wanted, ms since the Unix epoch.</param>
/// <param name="To">End, exclusive; at most 800 days after <paramref name="From"/>.</param>
/// <param name="ByDay">True: by the brand's local days; false: by UTC hours.</param>
public readonly record struct SeriesQuery(string Metric, long From, long To, bool ByDay);

/// <param name="Points">Ascending; hours or days in which nothing was counted are left out for sums, and carry the last value for levels.</param>
public sealed record Series(string Metric, bool ByDay, SeriesPoint[] Points);

/// <param name="At">Start of the hour or local day, ms since the Unix epoch.</param>
public readonly record struct SeriesPoint(long At, long Value);

/// <param name="AsOf">Instant of the recount.</param>
/// <param name="Stages">By <see cref="DeeplinkStage"/>, as recounted.</param>
/// <param name="Mismatches">Each names a figure, what the books hold and what was counted.</param>
public sealed record RecountReport(long AsOf, long[] Stages, RecountMismatch[] Mismatches)
{
    public bool Ok => Mismatches.Length == 0;
}

public sealed record RecountMismatch(string Figure, long Books, long Counted);
