using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Background;
using Decisioning.Engine.Storage.Journal;

namespace Decisioning.Engine;

public sealed partial class EmbeddedHost
{
    /// <summary>Why work beside the turns failed last, tried again at its next beat; null where it did not. Decisions go on.</summary>
    public Exception? BackgroundTrouble => Watch.Trouble;

    /// <summary>Blocks of the journal that are durable and not yet in the books.</summary>
    public long BooksBehind => JournalPosition.BlockOf(_parts.Log.DurablePosition) - JournalPosition.BlockOf(_rooms.WriteBack.Books!.Position);

    public BrandPulse? ReadPulse(string brandId) => Catalogue.Find(brandId) is { } brand ? Watch.Pulses.Read(brand) : null;

    public ValueTask<Series?> ReadHistoryAsync(string brandId, SeriesQuery query, CancellationToken cancellation) =>
        new(Catalogue.Find(brandId) is { } brand ? Watch.History.Read(brand, query) : null);

    public async ValueTask<RecountReport?> RecountAsync(string brandId, CancellationToken cancellation)
    {
        CatalogueSnapshot catalogue = Catalogue;
        return catalogue.Find(brandId) is { } brand
            ? await Watch.Recount.RunAsync(brand, catalogue, () => Watch.RunCalendarAsync(cancellation), new Pace(_parts.Clock.Time, _parts.Options.RecountShare), cancellation)
            : null;
    }

    public ValueTask<EventResult[]> ImportAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation) =>
        _rooms.Turns.ImportAsync(events, catalogue, cancellation);

    /// <summary>Takes what is durable into the books now, and what is due of flat prices: what the host else does at every beat.</summary>
    public void RunBooks() => _rooms.WriteBack.Books!.Follow();

    /// <summary>Publishes what has fallen due, now.</summary>
    public Task RunCalendarAsync(CancellationToken cancellation) => Watch.RunCalendarAsync(cancellation);

    /// <summary>Brings every consumer under changed rules now.</summary>
    public Task RunRulesAsync(CancellationToken cancellation) => Watch.RunRulesAsync(cancellation);

    /// <summary>Goes over every consumer for intent and assets now.</summary>
    public Task RunPassAsync(CancellationToken cancellation) => Watch.RunPassAsync(cancellation);

    private WatchRooms Watch => _rooms.Watch ?? throw new InvalidOperationException("The host was opened for nobody to watch.");
}
