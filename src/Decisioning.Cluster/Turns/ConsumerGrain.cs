using Decisioning.Cluster.Money;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Turns.Wire;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Decisioning.Cluster.Turns;

/// <summary>
/// One consumer in memory: its packed state and little else. A turn runs through on the thread's scratch without an await, so that the grain may be reentrant
/// and nobody waits for the commits of those before. Calls of its own silo come past Orleans (<see cref="NearConsumers"/>), so a turn holds the grain's lock.
/// Once a row of it was refused the grain is of no use: it says so and leaves.
/// </summary>
[GrainType(TypeName)]
[Reentrant]
[PreferLocalPlacement]
internal sealed partial class ConsumerGrain(IGrainContext context, ConsumerServices services) : IGrainBase, IConsumerGrain, IRowOwner
{
    public const string TypeName = "decisioning.consumer";

    private const int Granule = 64;

    private byte[]? _state;
    private LogRow? _last;
    private string? _unreadable;
    private long _sequence;
    private long _kept;
    private long _erasedAt = -1;
    private volatile bool _lost;
    private long _visitedAt;

    public IGrainContext GrainContext { get; } = context;

    public ulong Key { get; } = unchecked((ulong)context.GrainId.GetIntegerKey());

    /// <summary>When Orleans last heard that it is called, ms since the Unix epoch.</summary>
    public long VisitedAt
    {
        get => Volatile.Read(ref _visitedAt);
        set => Volatile.Write(ref _visitedAt, value);
    }

    bool IRowOwner.IsLost => _lost;

    // The grain itself, for a consumer in memory is to cost its bytes and no more objects.
    private object Gate => this;

    public async Task OnActivateAsync(CancellationToken cancellation)
    {
        try
        {
            Restore(await services.Loader.ReadAsync(Key));
            cancellation.ThrowIfCancellationRequested();
            services.Near.Add(this);
        }
        catch (Exception e)
        {
            // Told to those who came; the next to come finds a new activation.
            _unreadable = $"The consumer cannot be read: {e.Message}";
            Leave();
        }
    }

    /// <summary>Keeps the state where the store does not have it, once all that it contains stands there.</summary>
    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation)
    {
        services.Near.Remove(this);
        bool lost;
        lock (Gate)
        {
            // Who found it before it left is to look for the next.
            (lost, _lost) = (_lost, true);
        }

        if (lost || _unreadable is not null || _state is null || _sequence == _kept)
        {
            return;
        }

        try
        {
            if (_last is { } last)
            {
                await services.Log.WhenTakenAsync(last, cancellation);
            }

            await services.Snapshots.Keep(new SnapshotRow(Key, _sequence, Packed(_state).ToArray())).WaitAsync(cancellation);
        }
        catch (Exception e) when (e is TurnLostException or OperationCanceledException)
        {
            // What the store took is applied again at the next activation.
        }
    }

    void IRowOwner.Taken(LogRow row)
    {
        Interlocked.CompareExchange(ref _last, null, row);
        long version = services.Catalogue.Version;
        if (row.Kind == TurnKind.Turn && row.Catalogue < version)
        {
            // Whoever goes over the store for changed rules may have been there before the row was.
            services.Rules.Begin(Key, version);
        }
    }

    void IRowOwner.Lose()
    {
        _lost = true;
        services.Near.Remove(this);
        Leave();
    }

    private static ReadOnlySpan<byte> Packed(byte[] state) => state.AsSpan(0, ConsumerCodec.LengthOf(state));

    private void Leave() => GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "Another silo writes this consumer."));

    private void Restore(StoredConsumer stored)
    {
        TurnScratch scratch = services.Scratch;
        (_sequence, bool lives) = ConsumerTail.Load(stored, scratch);
        _kept = stored.Snapshot.Sequence;
        _erasedAt = stored.ErasedAt ?? -1;
        _state = lives ? Pack(scratch.Turn.State, null) : null;
    }

    /// <summary>Why no turn can be run; null where one can.</summary>
    private (Outcome Outcome, string? Reason)? Refusal() =>
        _unreadable is not null ? (Outcome.Unavailable, _unreadable)
        : _lost ? (Outcome.Lost, null)
        : (services.Log.Refusal() ?? services.Catalogue.Refusal()) is { } reason ? (Outcome.Unavailable, reason)
        : null;

    /// <summary>Loads the state of the consumer that the call means, or begins it.</summary>
    private Outcome Sit(ConsumerCall call, TurnScratch scratch)
    {
        ConsumerState state = scratch.Turn.State;
        if (_state is not null)
        {
            if (!ConsumerCodec.IdOf(_state).SequenceEqual(call.Consumer))
            {
                return Outcome.Other;
            }

            Load(state);
            return Outcome.Done;
        }

        if (_sequence == 0 ? call.Seat == Seat.Look : call.Seat != Seat.Take)
        {
            return _sequence == 0 ? Outcome.Vacant : Outcome.Gap;
        }

        state.Reset(call.Consumer);
        state.Sequence = (uint)_sequence;
        return Outcome.Done;
    }

    private void Load(ConsumerState state)
    {
        if (!ConsumerCodec.TryRead(Packed(_state!), state))
        {
            throw new InvalidDataException($"The state of consumer {Key:x16} cannot be read.");
        }
    }

    private void Begin(TurnScratch scratch) => Begin(scratch, services.Market);

    private void Begin(TurnScratch scratch, IMarket market) => scratch.Turn.Begin(
        Key, services.Clock.Now, services.Catalogue.Current, market, _erasedAt < 0 ? null : _erasedAt, services.Catalogue.Current);

    /// <summary>Begins a turn of outcomes.</summary>
    /// <returns>What notes which of them could not be paid; null where that would change nothing.</returns>
    private OutcomeMarket? BeginOutcomes(TurnScratch scratch, bool mayClaim)
    {
        OutcomeMarket? outcomes = mayClaim ? services.Outcomes.Begin() : null;
        Begin(scratch, outcomes ?? services.Market);
        return outcomes;
    }

    /// <summary>Hands the turn to the log and keeps its state.</summary>
    /// <returns>The row to wait for; null where everything stands in the store already. False where the turn is lost.</returns>
    private bool TryCommit(TurnScratch scratch, out LogRow? row)
    {
        row = _last;
        Turn turn = scratch.Turn;
        if (!turn.Changed)
        {
            return !_lost;
        }

        ConsumerState state = turn.State;
        ReadOnlySpan<byte> payload = turn.Payload;
        bool due = state.Sequence - _kept >= ClusterBounds.SnapshotTurns;
        byte[] packed = Pack(state, _state);
        byte[]? snapshot = due ? Packed(packed).ToArray() : null;
        bool dated = TurnFacts.Of(payload).Instant != 0;
        row = services.Log.Append(this, new LogEntry(Key, state.Sequence, turn.Now, turn.CalendarMovedTo, snapshot, services.Catalogue.Version, dated), payload);
        if (row is null)
        {
            return false;
        }

        (_state, _sequence, _last) = (packed, state.Sequence, row);
        _kept = due ? _sequence : _kept;
        return true;
    }

    // In the array it has where it fits there; a state that was packed and not kept belongs to a grain that is leaving.
    private static byte[] Pack(ConsumerState state, byte[]? into)
    {
        int room = (ConsumerCodec.SizeOf(state) + Granule - 1) / Granule * Granule;
        byte[] packed = into?.Length == room ? into : GC.AllocateUninitializedArray<byte>(room);
        ConsumerCodec.Write(state, packed);
        return packed;
    }

    /// <summary>Waits until a row stands in the store. False where it was refused.</summary>
    private async ValueTask<bool> StandsAsync(LogRow? row)
    {
        try
        {
            if (row is not null)
            {
                await services.Log.WhenTakenAsync(row, CancellationToken.None);
            }

            return true;
        }
        catch (TurnLostException)
        {
            return false;
        }
    }

    private async ValueTask ReachAsync(long catalogueVersion)
    {
        if (catalogueVersion > services.Catalogue.Version)
        {
            await services.Catalogue.ReachAsync(catalogueVersion, CancellationToken.None);
        }
    }
}
