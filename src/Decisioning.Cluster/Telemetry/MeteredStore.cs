using System.Diagnostics;
using System.Runtime.CompilerServices;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Telemetry;

/// <summary>A store whose commits are timed and traced, and whose failures are counted.</summary>
public sealed class MeteredStore(IClusterStore inner, ClusterMeters meters) : IClusterStore
{
    public Task OpenAsync(int wire, CancellationToken cancellation) => inner.OpenAsync(wire, cancellation);

    public Task<long> ReadClockAsync(CancellationToken cancellation) => inner.ReadClockAsync(cancellation);

    public Task<long> BeginEpochAsync(string silo, long now, CancellationToken cancellation) => CountAsync(inner.BeginEpochAsync(silo, now, cancellation));

    public async Task CloseEpochAsync(long epoch, CancellationToken cancellation)
    {
        try
        {
            await inner.CloseEpochAsync(epoch, cancellation);
        }
        catch (StorageException)
        {
            meters.Failed(nameof(CloseEpochAsync));
            throw;
        }
    }

    public Task<IReadOnlyList<EpochRow>> ReadEpochsAsync(CancellationToken cancellation) => CountAsync(inner.ReadEpochsAsync(cancellation));

    public async Task<IReadOnlyList<int>> AppendAsync(IReadOnlyList<TurnRow> rows, CancellationToken cancellation)
    {
        using Activity? span = meters.Source.StartActivity("commit");
        span?.SetTag("decisioning.rows", rows.Count);
        long began = Stopwatch.GetTimestamp();
        try
        {
            IReadOnlyList<int> refused = await inner.AppendAsync(rows, cancellation);
            meters.Committed(began, rows.Count, refused.Count);
            return refused;
        }
        catch (StorageException)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            meters.Failed(nameof(AppendAsync));
            throw;
        }
    }

    public async Task<IReadOnlyList<StoredConsumer>> ReadConsumersAsync(IReadOnlyList<ulong> keys, CancellationToken cancellation)
    {
        using Activity? span = meters.Source.StartActivity("load");
        IReadOnlyList<StoredConsumer> read = await CountAsync(inner.ReadConsumersAsync(keys, cancellation));
        meters.Loaded(read.Count);
        return read;
    }

    public Task<IReadOnlyList<TurnRow>> ReadHistoryAsync(ulong consumer, int most, CancellationToken cancellation) =>
        CountAsync(inner.ReadHistoryAsync(consumer, most, cancellation));

    public async Task WriteSnapshotsAsync(IReadOnlyList<SnapshotRow> snapshots, CancellationToken cancellation)
    {
        try
        {
            await inner.WriteSnapshotsAsync(snapshots, cancellation);
        }
        catch (StorageException)
        {
            meters.Failed(nameof(WriteSnapshotsAsync));
            throw;
        }
    }

    public Task<bool> EraseAsync(TurnRow erasure, TombstoneRow tombstone, CancellationToken cancellation) =>
        CountAsync(inner.EraseAsync(erasure, tombstone, cancellation));

    public Task DropTombstonesAsync(long untilBefore, CancellationToken cancellation) => inner.DropTombstonesAsync(untilBefore, cancellation);

    public Task<IReadOnlyList<DueRow>> ReadDueAsync(int shard, int shards, int upToHour, int most, CancellationToken cancellation) =>
        CountAsync(inner.ReadDueAsync(shard, shards, upToHour, most, cancellation));

    public Task<IReadOnlyList<TurnRow>> ReadRowsAsync(long epoch, long after, int most, CancellationToken cancellation) =>
        CountAsync(inner.ReadRowsAsync(epoch, after, most, cancellation));

    public Task<StoredBrand?> ReadBrandBooksAsync(int brand, CancellationToken cancellation) => CountAsync(inner.ReadBrandBooksAsync(brand, cancellation));

    public Task<bool> WriteBrandBooksAsync(StoredBrand books, IReadOnlyList<HourBooks> hours, long expected, CancellationToken cancellation) =>
        CountAsync(inner.WriteBrandBooksAsync(books, hours, expected, cancellation));

    public Task<IReadOnlyList<HourBooks>> ReadHoursAsync(int brand, int fromHour, int toHour, CancellationToken cancellation) =>
        CountAsync(inner.ReadHoursAsync(brand, fromHour, toHour, cancellation));

    public Task<IClusterSight> BeginSightAsync(CancellationToken cancellation) => CountAsync(inner.BeginSightAsync(cancellation));

    public Task TrimAsync(long beforeInstant, CancellationToken cancellation) => inner.TrimAsync(beforeInstant, cancellation);

    public Task DropHoursAsync(int before, CancellationToken cancellation) => inner.DropHoursAsync(before, cancellation);

    public Task<long> ReadCatalogueVersionAsync(CancellationToken cancellation) => CountAsync(inner.ReadCatalogueVersionAsync(cancellation));

    public ICatalogueSession OpenCatalogue() => inner.OpenCatalogue();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task<T> CountAsync<T>(Task<T> call, [CallerMemberName] string name = "")
    {
        try
        {
            return await call;
        }
        catch (StorageException)
        {
            meters.Failed(name);
            throw;
        }
    }
}
