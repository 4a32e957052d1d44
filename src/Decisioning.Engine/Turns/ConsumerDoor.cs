using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Turns;

/// <summary>
/// The way to a consumer's state and back: finds it in memory or reads it from disk, holds its shard while its turn runs, journals what the turn did and keeps
/// the changed state in memory, dirty.
/// </summary>
/// <param name="rouse">Called where memory is short: wakes whoever writes back and evicts.</param>
/// <param name="entered">Told, under the gate, the calendar hour of every consumer whose turn is kept.</param>
internal sealed class ConsumerDoor(ResidentTable residents, IStateStore store, ITurnLog log, Action rouse, Action<ulong, int> entered)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Opens the consumer whose id stands in the scratch, and loads its state; a consumer never seen gets an empty one.</summary>
    /// <param name="hash">Of the id: where to look first.</param>
    /// <exception cref="HostUnavailableException">There is no memory for one more.</exception>
    /// <exception cref="InvalidDataException">What is on disk is not what was written.</exception>
    public OpenConsumer Open(ulong hash, TurnScratch scratch)
    {
        ulong first = KeySpace.First(hash);
        ResidentShard shard = residents.ShardOf(first);
        shard.Gate.Enter();
        try
        {
            ulong key = first;
            int slot = FindResident(shard, scratch, ref key);
            if (slot < 0)
            {
                slot = Activate(shard, scratch, first, ref key);
            }

            if (slot >= 0)
            {
                Load(shard, slot, scratch.Turn.State, key);
            }
            else
            {
                scratch.Turn.State.Reset(scratch.Id);
            }

            return new OpenConsumer(shard, key, slot, shard.Erasures?.ErasedAt(key));
        }
        catch
        {
            // Activation gives the gate up while it reads: an error of the disk comes without it.
            if (shard.Gate.IsHeldByCurrentThread)
            {
                shard.Gate.Exit();
            }

            throw;
        }
    }

    /// <summary>Opens the consumer of a key, where there is one.</summary>
    /// <returns>Its slot is −1 where there is none: it was erased, or never was.</returns>
    /// <exception cref="HostUnavailableException">There is no memory for one more.</exception>
    /// <exception cref="InvalidDataException">What is on disk is not what was written.</exception>
    public OpenConsumer OpenKey(ulong key, TurnScratch scratch)
    {
        ResidentShard shard = residents.ShardOf(key);
        shard.Gate.Enter();
        try
        {
            int slot;
            uint generation;
            bool stored;
            do
            {
                slot = shard.Find(key);
                generation = shard.Generation;
                stored = slot < 0 && shard.Erasures?.StartedOf(key) is null && ReadRow(shard, scratch, key);
            }
            while (slot < 0 && (shard.Generation != generation || shard.Find(key) >= 0));

            if (stored)
            {
                RequireRoom(shard);
                slot = shard.Insert(key, scratch.Row.WrittenSpan);
            }

            if (slot >= 0)
            {
                Load(shard, slot, scratch.Turn.State, key);
            }

            return new OpenConsumer(shard, key, slot, shard.Erasures?.ErasedAt(key));
        }
        catch
        {
            if (shard.Gate.IsHeldByCurrentThread)
            {
                shard.Gate.Exit();
            }

            throw;
        }
    }

    /// <summary>Journals the turn that ran on the open consumer and keeps its state. Returns the position that has to be durable for the state to be.</summary>
    public long Commit(in OpenConsumer open, TurnScratch scratch, bool urgent)
    {
        ConsumerState state = scratch.Turn.State;
        if (scratch.Turn.Changed)
        {
            TurnHead head = new(TurnKind.Turn, open.Key, state.Sequence, scratch.Turn.Now, state.Position);
            state.Position = log.Append(head, scratch.Turn.Payload, urgent);
            open.Shard.Store(open.Key, open.Slot, state);
            entered(open.Key, state.CalendarHour);
        }

        return state.Position;
    }

    private static void Load(ResidentShard shard, int slot, ConsumerState state, ulong key)
    {
        shard.Touch(slot);
        if (!ConsumerCodec.TryRead(shard.StateAt(slot), state))
        {
            throw new InvalidDataException($"The state of consumer {key:x16} cannot be read.");
        }
    }

    // From the key on: past residents who are somebody else, to the one looked for (its slot) or to the first key where nobody is resident (−1).
    private int FindResident(ResidentShard shard, TurnScratch scratch, ref ulong key)
    {
        int slot;
        while ((slot = shard.Find(key)) >= 0 && !ConsumerCodec.IdOf(shard.StateAt(slot)).SequenceEqual(scratch.Id))
        {
            key = residents.Space.Next(key);
        }

        return slot;
    }

    // The gate is held on entry and on return; in between, while the disk is read, it is not.
    private int Activate(ResidentShard shard, TurnScratch scratch, ulong first, ref ulong key)
    {
        ulong? free = null;
        while (true)
        {
            uint generation = shard.Generation;
            bool stored = shard.Erasures?.StartedOf(key) is null && ReadRow(shard, scratch, key);
            if (shard.Generation != generation || shard.Find(key) >= 0)
            {
                // Somebody came or went meanwhile: the row may be older than a state that was in memory.
                free = null;
                key = first;
            }
            else if (!stored && shard.Erasures?.IsGap(key) != true)
            {
                key = free ?? key;
                RequireRoom(shard);
                return -1;
            }
            else if (!stored)
            {
                free ??= key;
                key = residents.Space.Next(key);
            }
            else
            {
                ReadOnlySpan<byte> packed = scratch.Row.WrittenSpan;
                if (ConsumerCodec.IdOf(packed).SequenceEqual(scratch.Id))
                {
                    RequireRoom(shard);
                    return shard.Insert(key, packed);
                }

                key = residents.Space.Next(key);
            }

            int slot = FindResident(shard, scratch, ref key);
            if (slot >= 0)
            {
                return slot;
            }
        }
    }

    private bool ReadRow(ResidentShard shard, TurnScratch scratch, ulong key)
    {
        scratch.Row.ResetWrittenCount();
        shard.Gate.Exit();
        bool stored = store.TryRead(key, scratch.Row);
        shard.Gate.Enter();
        return stored;
    }

    private void RequireRoom(ResidentShard shard)
    {
        bool room = residents.TryMakeRoom(shard);
        if (residents.IsTight)
        {
            rouse();
        }

        if (!room)
        {
            throw new HostUnavailableException("Memory is full of states that are yet to be written to disk.", Soon);
        }
    }
}
