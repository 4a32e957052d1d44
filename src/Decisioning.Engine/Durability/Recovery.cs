using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Engine.Durability;

/// <summary>
/// Brings memory to where it was: applies every durable turn that the stored states do not contain yet. Positions decide what is contained; numbers and chains
/// of a consumer's turns must then fit without a gap, else the host does not start.
/// </summary>
internal sealed class Recovery(
    ResidentTable residents, IStateStore store, ITurnLog log, WriteBack writeBack, PendingErasures pending, RecoveryBooks books, TurnScratch scratch)
{
    private readonly Turn _turn = scratch.Turn;

    /// <summary>Turns applied again.</summary>
    public long Turns { get; private set; }

    /// <summary>Reads the journal from a position on.</summary>
    /// <returns>The position of its last record, or <paramref name="from"/> where there is none.</returns>
    /// <exception cref="InvalidDataException">The journal and the stored states do not belong together.</exception>
    public async Task<long> RunAsync(long from, CancellationToken cancellation)
    {
        long last = from;
        foreach (TurnRecord record in log.ReadAfter(from))
        {
            cancellation.ThrowIfCancellationRequested();
            last = record.Position;
            books.Begin(record);
            Apply(record);
            if (residents.IsTight)
            {
                await writeBack.PassAsync(WriteBackPass.AtOnce, cancellation);
                residents.Relieve();
            }
        }

        return last;
    }

    private void Apply(in TurnRecord record)
    {
        switch (record.Head.Kind)
        {
            case TurnKind.Turn when record.Position <= store.Checkpoint || pending.Of(record.Head.Consumer)?.Position > record.Position:
            case TurnKind.Contextual:
                Turn.ReplayMoney(record.Payload.Span, books);
                break;
            case TurnKind.Turn:
                ApplyTurn(record);
                break;
            case TurnKind.Erasure when record.Position > store.Checkpoint:
                ApplyErasure(record);
                break;
        }
    }

    private void ApplyTurn(in TurnRecord record)
    {
        TurnHead head = record.Head;
        ResidentShard shard = residents.ShardOf(head.Consumer);
        lock (shard.Gate)
        {
            int slot = Load(shard, head.Consumer, record.Payload.Span);
            ConsumerState state = _turn.State;
            if (state.Position >= record.Position)
            {
                Turn.ReplayMoney(record.Payload.Span, books);
                return;
            }

            if (head.Sequence != state.Sequence + 1 || head.Previous != state.Position)
            {
                throw new InvalidDataException(
                    $"The journal and the stored states do not belong together: at position {record.Position} the journal has turn {head.Sequence} of consumer " +
                    $"{head.Consumer:x16} after position {head.Previous}, but its state ends with turn {state.Sequence} at position {state.Position}. " +
                    "Restore the whole data folder from one backup.");
            }

            _turn.Replay(head.Consumer, head.Sequence, head.Instant, record.Payload.Span, books);
            state.Position = record.Position;
            shard.Store(head.Consumer, slot, state);
            Turns++;
        }
    }

    /// <returns>The consumer's slot, −1 where it has no state so far.</returns>
    private int Load(ResidentShard shard, ulong key, ReadOnlySpan<byte> payload)
    {
        int slot = shard.Find(key);
        if (slot < 0)
        {
            scratch.Row.ResetWrittenCount();
            if (shard.Erasures?.StartedOf(key) is not null || !store.TryRead(key, scratch.Row))
            {
                _turn.State.Reset(Turn.ConsumerIdOf(payload));
                return -1;
            }

            slot = shard.Insert(key, scratch.Row.WrittenSpan);
        }

        return ConsumerCodec.TryRead(shard.StateAt(slot), _turn.State) ? slot : throw new InvalidDataException($"The state of consumer {key:x16} cannot be read.");
    }

    private void ApplyErasure(in TurnRecord record)
    {
        TurnHead head = record.Head;
        StartedErasure erasure = new(head.Consumer, head.Instant, record.Position, head.Previous);
        ResidentShard shard = residents.ShardOf(head.Consumer);
        lock (shard.Gate)
        {
            int slot = shard.Find(head.Consumer);
            if (slot < 0)
            {
                scratch.Row.ResetWrittenCount();
                if (store.TryRead(head.Consumer, scratch.Row) && ConsumerCodec.PositionOf(scratch.Row.WrittenSpan) > record.Position)
                {
                    // The row is a later life's: the erasure itself was carried out before the crash.
                    return;
                }
            }
            else if (ConsumerCodec.PositionOf(shard.StateAt(slot)) > record.Position)
            {
                return;
            }
            else
            {
                shard.Remove(slot);
            }

            shard.OpenErasures().Begin(erasure, long.MaxValue);
        }

        pending.Add(erasure);
    }
}
