using Decisioning.Cluster.Expiry;
using Decisioning.Cluster.Storage;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Decisioning.Engine.Books;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;
using Orleans.Runtime;

namespace Decisioning.Cluster.Watch;

/// <summary>
/// What one silo shows of the whole cluster. A pulse is as old as the brand's grain's last answer, a beat or so; a series is the stored hours and the grain's own;
/// a recount is the store's, as of one instant.
/// </summary>
internal sealed class ClusterWatchHost(
    SightBoard board, PulseBoard pulses, ClusterRecount recount, IClusterStore store, ICatalogueSource catalogue, ClusterHost host, ExpiryCourier calendar,
    HostClock clock) : IWatchHost
{
    /// <exception cref="HostUnavailableException">Nobody on this silo has looked at the brand before, and its grain does not answer.</exception>
    public BrandPulse? ReadPulse(string brandId) =>
        catalogue.Current.Find(brandId) is not { } brand ? null
        : board.IsReady(brand.Symbol) ? pulses.Read(brand)
        : throw new HostUnavailableException("The brand's books do not answer.", ClusterBounds.Soon);

    public async ValueTask<Series?> ReadHistoryAsync(string brandId, SeriesQuery query, CancellationToken cancellation)
    {
        if (catalogue.Current.Find(brandId) is not { } brand)
        {
            return null;
        }

        HistoryReader.Check(query);
        await board.RefreshAsync(brand.Symbol).WaitAsync(cancellation);
        HourRow[] open = board.Read(brand.Symbol, static (totals, _) => totals.Rows().ToArray());
        return await AskStoreAsync(async () =>
            new HistoryReader(await HourSheet.ReadAsync(store, brand.Symbol, query, open, cancellation), clock).Read(brand, query), cancellation);
    }

    public async ValueTask<RecountReport?> RecountAsync(string brandId, CancellationToken cancellation) =>
        catalogue.Current.Find(brandId) is { } brand ? await AskStoreAsync(() => recount.RunAsync(brand, calendar.RunAllAsync, cancellation), cancellation) : null;

    public ValueTask<EventResult[]> ImportAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot snapshot, CancellationToken cancellation) =>
        host.ImportAsync(events, snapshot, cancellation);

    private static async Task<T> AskStoreAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is StorageException || GrainFault.Is(e, cancellation))
        {
            throw new HostUnavailableException($"The books cannot be read now: {e.Message}", ClusterBounds.Soon);
        }
    }
}
