using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Tests.Support.Memory;

/// <summary>The cluster's store without a disk, for tests: shared by the silos of one process, gone with it. Calls can be made to fail, to wait, or to lose their answer.</summary>
public sealed class MemoryClusterStore(TimeProvider time) : IClusterStore
{
    private readonly Lock _gate = new();
    private readonly MemoryTables _tables = new();
    private readonly MemoryStateStore _catalogue = new();
    private readonly Dictionary<string, int> _brands = new(StringComparer.Ordinal);
    private readonly List<Func<bool>> _awaited = [];
    private long _catalogueVersion;
    private int? _wire;
    private int _failCalls;
    private int _failAppends;
    private int _dropAnswers;
    private HeldAppends? _held;

    /// <summary>Completes when a setting meets a condition, null standing for one that was never written.</summary>
    public Task WhenSettingAsync(string name, Func<byte[]?, bool> condition)
    {
        lock (_gate)
        {
            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add(() => condition(_catalogue.ReadSetting(name)) && met.TrySetResult());
            TellAwaited();
            return met.Task;
        }
    }

    /// <summary>Makes the next calls of any kind throw, having done nothing.</summary>
    public void FailNext(int calls) => Volatile.Write(ref _failCalls, calls);

    /// <summary>Makes the next appends and erasures throw, having done nothing.</summary>
    public void FailAppends(int calls) => Volatile.Write(ref _failAppends, calls);

    /// <summary>Makes the next appends and erasures throw, having done what was asked.</summary>
    public void DropAnswers(int calls) => Volatile.Write(ref _dropAnswers, calls);

    /// <summary>Makes appends and erasures wait before they do anything, until what is returned is disposed.</summary>
    public HeldAppends HoldAppends() => _held = new HeldAppends(() => _held = null);

    public Task OpenAsync(int wire, CancellationToken cancellation) => Call(() =>
    {
        if (_wire is { } theirs && theirs != wire && _tables.AnyOpen)
        {
            throw StoreForms.OtherWire(theirs, wire);
        }

        _wire = wire;
        return true;
    });

    public Task<long> ReadClockAsync(CancellationToken cancellation) => Call(() => time.GetUtcNow().ToUnixTimeMilliseconds());

    public Task<long> BeginEpochAsync(string silo, long now, CancellationToken cancellation) => Call(() => _tables.BeginEpoch(silo));

    public Task CloseEpochAsync(long epoch, CancellationToken cancellation) => Call(() => _tables.CloseEpoch(epoch));

    public Task<IReadOnlyList<EpochRow>> ReadEpochsAsync(CancellationToken cancellation) => Call<IReadOnlyList<EpochRow>>(_tables.ReadEpochs);

    public Task<IReadOnlyList<int>> AppendAsync(IReadOnlyList<TurnRow> rows, CancellationToken cancellation) => WriteAsync<IReadOnlyList<int>>(
        () => [.. Enumerable.Range(0, rows.Count).Where(i => !_tables.Append(rows[i]))], cancellation);

    public Task<IReadOnlyList<StoredConsumer>> ReadConsumersAsync(IReadOnlyList<ulong> keys, CancellationToken cancellation) =>
        Call<IReadOnlyList<StoredConsumer>>(() => [.. keys.Select(_tables.ReadConsumer)]);

    public Task<IReadOnlyList<TurnRow>> ReadHistoryAsync(ulong consumer, int most, CancellationToken cancellation) =>
        Call<IReadOnlyList<TurnRow>>(() => _tables.ReadHistory(consumer, most));

    public Task WriteSnapshotsAsync(IReadOnlyList<SnapshotRow> snapshots, CancellationToken cancellation) => Call(() =>
    {
        foreach (SnapshotRow snapshot in snapshots)
        {
            _tables.WriteSnapshot(snapshot);
        }
    });

    public Task<bool> EraseAsync(TurnRow erasure, TombstoneRow tombstone, CancellationToken cancellation) =>
        WriteAsync(() => _tables.Erase(erasure, tombstone), cancellation);

    public Task DropTombstonesAsync(long untilBefore, CancellationToken cancellation) => Call(() => _tables.DropTombstones(untilBefore));

    public Task<IReadOnlyList<DueRow>> ReadDueAsync(int shard, int shards, int upToHour, int most, CancellationToken cancellation) =>
        Call<IReadOnlyList<DueRow>>(() => _tables.ReadDue(shard, shards, upToHour, most));

    public Task<IReadOnlyList<TurnRow>> ReadRowsAsync(long epoch, long after, int most, CancellationToken cancellation) =>
        Call<IReadOnlyList<TurnRow>>(() => _tables.ReadRows(epoch, after, most));

    public Task<StoredBrand?> ReadBrandBooksAsync(int brand, CancellationToken cancellation) => Call(() => _tables.ReadBrandBooks(brand));

    public Task<bool> WriteBrandBooksAsync(StoredBrand books, IReadOnlyList<HourBooks> hours, long expected, CancellationToken cancellation) =>
        Call(() => _tables.WriteBrandBooks(books, hours, expected));

    public Task<IReadOnlyList<HourBooks>> ReadHoursAsync(int brand, int fromHour, int toHour, CancellationToken cancellation) =>
        Call<IReadOnlyList<HourBooks>>(() => _tables.ReadHours(brand, fromHour, toHour));

    public Task DropHoursAsync(int before, CancellationToken cancellation) => Call(() =>
    {
        _tables.DropHours(before);
        return true;
    });

    public Task<IClusterSight> BeginSightAsync(CancellationToken cancellation) => Call<IClusterSight>(() => new Sight(new MemoryTables(_tables)));

    public Task TrimAsync(long beforeInstant, CancellationToken cancellation) => Call(() =>
    {
        HashSet<int> live = [.. _catalogue.ReadBrands().Select(b => b.Symbol)];
        _tables.Trim(beforeInstant, live, _brands.Values.Except(live).ToHashSet());
    });

    public Task<long> ReadCatalogueVersionAsync(CancellationToken cancellation) => Call(() => _catalogueVersion);

    public ICatalogueSession OpenCatalogue() => new Session(this, Do(() => _catalogueVersion));

    /// <summary>The store belongs to no silo: it stays as it is.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool TakeOne(ref int left)
    {
        while (Volatile.Read(ref left) is > 0 and var seen)
        {
            if (Interlocked.CompareExchange(ref left, seen - 1, seen) == seen)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<T> WriteAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        if (_held is { } held)
        {
            await held.WaitAsync(cancellation).ConfigureAwait(false);
        }

        if (TakeOne(ref _failAppends))
        {
            throw new StorageException("The append failed, as a test asked");
        }

        T answer = Do(work);
        return TakeOne(ref _dropAnswers) ? throw new StorageException("The answer was lost, as a test asked") : answer;
    }

    private void TellAwaited() => _awaited.RemoveAll(static isMet => isMet());

    private Task Call(Action work) => Call(() =>
    {
        work();
        return true;
    });

    private Task<T> Call<T>(Func<T> work)
    {
        try
        {
            return Task.FromResult(Do(work));
        }
        catch (StorageException e)
        {
            return Task.FromException<T>(e);
        }
    }

    private T Do<T>(Func<T> work)
    {
        if (TakeOne(ref _failCalls))
        {
            throw new StorageException("The call failed, as a test asked");
        }

        lock (_gate)
        {
            return work();
        }
    }

    private sealed class Session(MemoryClusterStore store, long version) : ICatalogueSession
    {
        public long Version { get; private set; } = version;

        public IReadOnlyList<BrandRow> ReadBrands(bool deleted = false) => store.Do(() => store._catalogue.ReadBrands(deleted));

        public BrandRow? FindBrand(string brandId) => store.Do(() => store._catalogue.FindBrand(brandId));

        public IReadOnlyList<BrandRow> ReadBrandHistory(string brandId) => store.Do(() => store._catalogue.ReadBrandHistory(brandId));

        public IReadOnlyList<AuditRow> ReadAudit(string brandId) => store.Do(() => store._catalogue.ReadAudit(brandId));

        public byte[]? ReadSetting(string name) => store.Do(() => store._catalogue.ReadSetting(name));

        public void WriteBrand(BrandRow brand, IReadOnlyList<AuditRow> audit) => Change(() =>
        {
            store._catalogue.WriteBrand(brand, audit);
            store._brands[brand.Id] = brand.Symbol;
        });

        public void DeleteBrand(string brandId, long at, IReadOnlyList<AuditRow> audit) => Change(() => store._catalogue.DeleteBrand(brandId, at, audit));

        public void WriteSetting(string name, ReadOnlySpan<byte> value, IReadOnlyList<AuditRow> audit)
        {
            byte[] copy = value.ToArray();
            Change(() => store._catalogue.WriteSetting(name, copy, audit));
        }

        private void Change(Action change) => Version = store.Do(() =>
        {
            if (store._catalogueVersion != Version)
            {
                throw new CatalogueMovedException();
            }

            change();
            store.TellAwaited();
            return ++store._catalogueVersion;
        });
    }

    private sealed class Sight(MemoryTables tables) : IClusterSight
    {
        public IAsyncEnumerable<StoredConsumer> ReadConsumersAsync(CancellationToken cancellation) =>
            tables.ReadKeys().Select(tables.ReadConsumer).ToAsyncEnumerable();

        public Task<StoredBrand?> ReadBrandBooksAsync(int brand, CancellationToken cancellation) => Task.FromResult(tables.ReadBrandBooks(brand));

        public IAsyncEnumerable<TurnRow> ReadRowsAsync(long epoch, long after, CancellationToken cancellation) =>
            tables.ReadRows(epoch, after, int.MaxValue).ToAsyncEnumerable();

        public Task<IReadOnlyList<EpochRow>> ReadEpochsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<EpochRow>>(tables.ReadEpochs());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Appends that wait, until this is disposed.</summary>
public sealed class HeldAppends(Action release) : IDisposable
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when an append waits.</summary>
    public Task Waiting => _first.Task;

    public void Dispose()
    {
        release();
        _released.TrySetResult();
    }

    internal Task WaitAsync(CancellationToken cancellation)
    {
        _first.TrySetResult();
        return _released.Task.WaitAsync(cancellation);
    }
}
