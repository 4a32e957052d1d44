using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Books;
using Decisioning.Cluster.Azure.Catalogue;
using Decisioning.Cluster.Azure.Consumers;
using Decisioning.Cluster.Azure.Epochs;
using Decisioning.Cluster.Azure.Sights;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure;

/// <summary>The store over tables of an Azure Storage account; Orleans' membership and reminders lie in it too.</summary>
public sealed class AzureClusterStore : IClusterStore
{
    private readonly ClusterTables _tables;
    private readonly ConsumerRows _consumers;
    private readonly CalendarRows _calendar;
    private readonly Erasure _erasure;
    private readonly EpochPages _pages;
    private readonly EpochLog _log;
    private readonly EpochRegister _epochs;
    private readonly BookRows _books;
    private readonly CatalogueRows _catalogue;
    private readonly SightRegister _sights;
    private readonly Trimming _trimming;
    private int _wire;

    /// <param name="service">The account's tables, as <see cref="AzurePlace"/> comes in to them.</param>
    /// <param name="prefix">What the names of the cluster's tables begin with.</param>
    public AzureClusterStore(TableServiceClient service, string prefix)
    {
        _tables = new ClusterTables(service, prefix);
        _consumers = new ConsumerRows(_tables);
        _calendar = new CalendarRows(_tables, _consumers);
        _pages = new EpochPages(_tables);
        _erasure = new Erasure(_tables, _pages, _consumers);
        _log = new EpochLog(_pages, _consumers, _calendar, _erasure);
        _epochs = new EpochRegister(_tables, _pages, _log);
        _books = new BookRows(_tables);
        _catalogue = new CatalogueRows(_tables);
        _sights = new SightRegister(_tables, _epochs, _log, _pages, _books);
        _trimming = new Trimming(_epochs, _pages, _consumers, _books, _catalogue);
    }

    /// <summary>For Orleans' providers: the same account.</summary>
    internal ClusterTables Tables => _tables;

    public async Task OpenAsync(int wire, CancellationToken cancellation)
    {
        await GuardAsync(
            async () =>
            {
                await _tables.MakeAsync(cancellation).ConfigureAwait(false);
                await _epochs.OpenAsync(wire, cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        _wire = wire;
    }

    public Task<long> ReadClockAsync(CancellationToken cancellation) => GuardAsync(() => _sights.ReadClockAsync(cancellation), cancellation);

    public Task<long> BeginEpochAsync(string silo, long now, CancellationToken cancellation) =>
        GuardAsync(() => _epochs.BeginAsync(silo, now, _wire, cancellation), cancellation);

    public Task CloseEpochAsync(long epoch, CancellationToken cancellation) => GuardAsync(() => _epochs.CloseAsync(epoch, cancellation), cancellation);

    public Task<IReadOnlyList<EpochRow>> ReadEpochsAsync(CancellationToken cancellation) => GuardAsync(() => _epochs.ReadAsync(cancellation), cancellation);

    public async Task<IReadOnlyList<int>> AppendAsync(IReadOnlyList<TurnRow> rows, CancellationToken cancellation)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        HashSet<long> stand = await GuardAsync(() => _log.WriteAsync(rows, null, cancellation), cancellation).ConfigureAwait(false);
        return [.. Enumerable.Range(0, rows.Count).Where(i => !stand.Contains(rows[i].Number))];
    }

    public Task<IReadOnlyList<StoredConsumer>> ReadConsumersAsync(IReadOnlyList<ulong> keys, CancellationToken cancellation) =>
        GuardAsync<IReadOnlyList<StoredConsumer>>(async () => await TableCalls.AskAllAsync(keys, _consumers.ReadAsync, cancellation).ConfigureAwait(false), cancellation);

    public Task<IReadOnlyList<TurnRow>> ReadHistoryAsync(ulong consumer, int most, CancellationToken cancellation) =>
        GuardAsync<IReadOnlyList<TurnRow>>(async () => await _consumers.ReadHistoryAsync(consumer, most, cancellation).ConfigureAwait(false), cancellation);

    public Task WriteSnapshotsAsync(IReadOnlyList<SnapshotRow> snapshots, CancellationToken cancellation) => GuardAsync(
        async () =>
        {
            // A sight that begins after this knows every turn that these snapshots contain.
            bool keepOlder = await _sights.AnyAsync(cancellation).ConfigureAwait(false);
            await TableCalls.ForAllAsync(
                snapshots, async (s, token) => await _consumers.KeepAsync(s, keepOlder, token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        },
        cancellation);

    public async Task<bool> EraseAsync(TurnRow erasure, TombstoneRow tombstone, CancellationToken cancellation) =>
        (await GuardAsync(() => _log.WriteAsync([erasure], tombstone, cancellation), cancellation).ConfigureAwait(false)).Count > 0;

    public Task DropTombstonesAsync(long untilBefore, CancellationToken cancellation) =>
        GuardAsync(() => _erasure.DropTombstonesAsync(untilBefore, cancellation), cancellation);

    public Task<IReadOnlyList<DueRow>> ReadDueAsync(int shard, int shards, int upToHour, int most, CancellationToken cancellation) =>
        GuardAsync<IReadOnlyList<DueRow>>(async () => await _calendar.ReadAsync(shard, shards, upToHour, most, cancellation).ConfigureAwait(false), cancellation);

    public Task<IReadOnlyList<TurnRow>> ReadRowsAsync(long epoch, long after, int most, CancellationToken cancellation) => GuardAsync<IReadOnlyList<TurnRow>>(
        async () => await _pages.FindHeadAsync(epoch, cancellation).ConfigureAwait(false) is { } head
            ? await _pages.ReadRowsAsync(epoch, after, head.Settled, cancellation).Take(most).ToListAsync(cancellation).ConfigureAwait(false)
            : [],
        cancellation);

    public Task<StoredBrand?> ReadBrandBooksAsync(int brand, CancellationToken cancellation) => GuardAsync(() => _books.ReadAsync(brand, cancellation), cancellation);

    public Task<bool> WriteBrandBooksAsync(StoredBrand books, IReadOnlyList<HourBooks> hours, long expected, CancellationToken cancellation) =>
        GuardAsync(() => _books.WriteAsync(books, hours, expected, cancellation), cancellation);

    public Task<IReadOnlyList<HourBooks>> ReadHoursAsync(int brand, int fromHour, int toHour, CancellationToken cancellation) =>
        GuardAsync<IReadOnlyList<HourBooks>>(async () => await _books.ReadHoursAsync(brand, fromHour, toHour, cancellation).ConfigureAwait(false), cancellation);

    public Task DropHoursAsync(int before, CancellationToken cancellation) => GuardAsync(() => _books.DropHoursAsync(before, cancellation), cancellation);

    public Task<IClusterSight> BeginSightAsync(CancellationToken cancellation) => GuardAsync(() => _sights.BeginAsync(FailureOf, cancellation), cancellation);

    /// <remarks>While a sight is held, which may need what is old, nothing is forgotten: the next call does it.</remarks>
    public Task TrimAsync(long beforeInstant, CancellationToken cancellation) => GuardAsync(
        async () =>
        {
            if (!await _sights.DropLapsedAsync(cancellation).ConfigureAwait(false))
            {
                await _trimming.RunAsync(beforeInstant, cancellation).ConfigureAwait(false);
            }
        },
        cancellation);

    public Task<long> ReadCatalogueVersionAsync(CancellationToken cancellation) => GuardAsync(() => _catalogue.ReadVersionAsync(cancellation), cancellation);

    public ICatalogueSession OpenCatalogue() => new CatalogueSession(this, _catalogue, Guard(() => _catalogue.ReadVersion(default)));

    /// <summary>Connections are the process's own: there is nothing to close.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Does the work on the caller's thread, and tells a failure of the storage in words.</summary>
    internal T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (FailureOf(e, default) is { } failure)
        {
            throw failure;
        }
    }

    private Task GuardAsync(Func<Task> work, CancellationToken cancellation) => GuardAsync(
        async () =>
        {
            await work().ConfigureAwait(false);
            return true;
        },
        cancellation);

    private async Task<T> GuardAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (FailureOf(e, cancellation) is { } failure)
        {
            throw failure;
        }
    }

    private StorageException? FailureOf(Exception e, CancellationToken cancellation) => TableFailure.Of(e, _tables.Service.Uri, cancellation);
}
