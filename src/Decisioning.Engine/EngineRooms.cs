using Decisioning.Engine.Budget;
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
        ConsumerDoor door = new(Residents, parts.Store, parts.Log, Rouse);
        Admission = new Admission(parts.Log, Residents.Gauge, options.MaxDirtyConsumers, Rouse);
        Turns = new ConsumerTurns(door, Admission, parts.Hash, parts.Log, Ledger, parts.Clock, _scratches, (ulong)opened << 20);
        Reading = new ConsumerReading(door, parts.Hash, parts.Log, parts.Clock, _scratches);
        _completion = new ErasureCompletion(Residents, parts.Store, parts.Log, WriteBack, Pending, (long)options.KeepTombstones.TotalMilliseconds);
        Erasure = new ConsumerErasure(door, Admission, parts.Hash, parts.Log, _completion, parts.Clock, _scratches);
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
        long checkpoint = parts.Store.Checkpoint;
        long heldAt = 0;
        foreach (BudgetLedger ledger in (BudgetLedger[])[Ledger, settled])
        {
            ledger.Restore(spending);
            heldAt = holds is null ? 0 : HoldsForm.Read(holds, ledger);
        }

        RecoveryBooks books = new([Ledger, settled], checkpoint, heldAt);
        Recovery recovery = new(Residents, parts.Store, parts.Log, WriteBack, Pending, books, _scratches.Value!);
        long last = await recovery.RunAsync(Math.Min(checkpoint, heldAt), cancellation);
        RecoveredTurns = recovery.Turns;
        WriteBack.Books = new SettledBooks(settled, parts.Log, parts.Store, Math.Max(last, checkpoint));
    }
}
