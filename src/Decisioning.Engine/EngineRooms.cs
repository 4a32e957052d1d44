using Decisioning.Core.Aggregate;
using Decisioning.Engine.Books;
using Decisioning.Engine.Budget;
using Decisioning.Engine.Calendar;
using Decisioning.Engine.Durability;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Engine;

/// <summary>The rooms of an open host, wired together and recovered.</summary>
internal sealed class EngineRooms : IDisposable
{
    private readonly ThreadLocal<TurnScratch> _scratches;
    private readonly ErasureCompletion _completion;
    private readonly ConsumerDoor _door;
    private Upkeep? _upkeep;

    private EngineRooms(EngineParts parts)
    {
        EngineOptions options = parts.Options;
        long opened = parts.Clock.Now;
        ulong seed = parts.Seed;
        _scratches = new ThreadLocal<TurnScratch>(() => new TurnScratch(seed));
        Residents = new ResidentTable(options.Shards, options.MaxResidentBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3);
        Ledger = new BudgetLedger(parts.Catalogue, opened);
        WriteBack = new WriteBack(Residents, parts.Store, parts.Log, parts.Clock);
        Pending = new PendingErasures(parts.Store);
        _door = new ConsumerDoor(Residents, parts.Store, parts.Log, Rouse, (key, hour) => Calendar!.Entered(key, hour));
        Admission = new Admission(parts.Log, Residents.Gauge, options.MaxDirtyConsumers, Rouse);
        Calendar = new ExpiryCalendar(Residents, parts.Store, WriteBack, _door, Admission, parts.Catalogue, Ledger, parts.Clock, _scratches);
        Turns = new ConsumerTurns(_door, Admission, parts.Hash, parts.Log, parts.Catalogue, Ledger, parts.Clock, _scratches, (ulong)opened << 20);
        Reading = new ConsumerReading(_door, parts.Hash, parts.Log, parts.Clock, _scratches);
        _completion = new ErasureCompletion(Residents, parts.Store, parts.Log, WriteBack, Pending, (long)options.KeepTombstones.TotalMilliseconds);
        Erasure = new ConsumerErasure(_door, Admission, parts.Hash, parts.Log, _completion, parts.Clock, _scratches);
    }

    public ResidentTable Residents { get; }

    public BudgetLedger Ledger { get; }

    public WriteBack WriteBack { get; }

    public PendingErasures Pending { get; }

    public Admission Admission { get; }

    public ConsumerTurns Turns { get; }

    public ConsumerReading Reading { get; }

    public ConsumerErasure Erasure { get; }

    public Upkeep Upkeep => _upkeep!;

    public ExpiryCalendar Calendar { get; }

    /// <summary>Null where nobody watches.</summary>
    public WatchRooms? Watch { get; private set; }

    public long RecoveredTurns { get; private set; }

    public static async Task<EngineRooms> OpenAsync(EngineParts parts, CancellationToken cancellation)
    {
        EngineRooms rooms = new(parts);
        try
        {
            rooms.RestoreTombstones(parts.Store);
            await rooms.RecoverAsync(parts, cancellation);
            await rooms.Erasure.CompletePendingAsync(cancellation);
            rooms._upkeep = new Upkeep(rooms.Residents, parts.Store, parts.Log, rooms.WriteBack, parts.Clock, parts.Options);
            rooms.Watch = parts.Options.Watched
                ? new WatchRooms(parts, rooms, rooms._door, rooms.Calendar, rooms.WriteBack.Books!, rooms._scratches)
                : null;
            return rooms;
        }
        catch
        {
            rooms.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _completion.Dispose();
        WriteBack.Dispose();
        _scratches.Dispose();
    }

    // Also while recovery runs, when there is no upkeep yet to rouse.
    private void Rouse() => _upkeep?.Rouse();

    private void RestoreTombstones(IStateStore store)
    {
        foreach (TombstoneRow row in store.ReadTombstones())
        {
            ResidentShard shard = Residents.ShardOf(row.Key);
            lock (shard.Gate)
            {
                shard.OpenErasures().Restore(row.Key, row.ErasedAt, row.Until);
            }
        }
    }

    private async Task RecoverAsync(EngineParts parts, CancellationToken cancellation)
    {
        BudgetLedger settled = new(parts.Catalogue, parts.Clock.Now);
        byte[]? holds = parts.Store.ReadSetting(HoldsForm.Setting);
        IReadOnlyList<SpendingRow> spending = parts.Store.ReadSpending();
        (long checkpoint, long bookedAt) = (parts.Store.Checkpoint, parts.Store.BooksPosition);
        long heldAt = 0;
        foreach (BudgetLedger ledger in (BudgetLedger[])[Ledger, settled])
        {
            ledger.Restore(spending);
            heldAt = holds is null ? 0 : HoldsForm.Read(holds, ledger);
        }

        ServerTotals totals = new();
        foreach (BrandBooks brand in parts.Store.ReadBooks())
        {
            totals.Restore(brand.Brand, BrandTotals.Read(brand.Totals.Span));
        }

        RecoveryBooks books = new([Ledger, settled], totals, bookedAt, heldAt);
        Recovery recovery = new(Residents, parts.Store, parts.Log, WriteBack, Pending, books, _scratches.Value!);
        long last = await recovery.RunAsync(Math.Min(checkpoint, Math.Min(bookedAt, heldAt)), cancellation);
        RecoveredTurns = recovery.Turns;
        long position = Math.Max(last, Math.Max(checkpoint, bookedAt));
        WriteBack.Books = new Bookkeeper(new SettledMoney(settled, parts.Store), totals, parts.Log, parts.Store, parts.Catalogue, Ledger, parts.Clock, position, recovery.Turns);
    }
}
