using Decisioning.Cluster.Storage;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Turns;

namespace Decisioning.Cluster.Turns;

/// <summary>Brings a stored consumer to where it stands: its snapshot, and every turn after it applied again.</summary>
internal static class ConsumerTail
{
    /// <summary>Loads the consumer into the scratch's state.</summary>
    /// <returns>The sequence of its last turn, and whether there is a state at all: there is none before the first turn and after an erasure.</returns>
    /// <exception cref="InvalidDataException">Snapshot and rows do not fit without a gap, or cannot be read.</exception>
    public static (long Sequence, bool Lives) Load(StoredConsumer stored, TurnScratch scratch)
    {
        ConsumerState state = scratch.Turn.State;
        long sequence = stored.Snapshot.Sequence;
        bool lives = !stored.Snapshot.State.IsEmpty;
        if (lives && !ConsumerCodec.TryRead(stored.Snapshot.State.Span, state))
        {
            throw new InvalidDataException($"The snapshot of consumer {stored.Snapshot.Consumer:x16} cannot be read.");
        }

        foreach (TurnRow row in stored.Tail)
        {
            (sequence, lives) = Apply(row, sequence, lives, scratch);
        }

        return (sequence, lives);
    }

    private static (long Sequence, bool Lives) Apply(in TurnRow row, long sequence, bool lives, TurnScratch scratch)
    {
        long next = row.First;
        foreach (ReadOnlySpan<byte> payload in new RowPayloads(row.Payloads.Span))
        {
            if (next > sequence)
            {
                if (next != sequence + 1)
                {
                    throw new InvalidDataException(
                        $"Turn {next} of consumer {row.Consumer:x16} does not follow turn {sequence}. Restore the whole store from one backup.");
                }

                if (!lives)
                {
                    scratch.Turn.State.Reset(Turn.ConsumerIdOf(payload));
                    scratch.Turn.State.Sequence = (uint)sequence;
                    lives = true;
                }

                long instant = TurnFacts.Of(payload).Instant;
                scratch.Turn.Replay(row.Consumer, (uint)next, instant == 0 ? row.Instant : instant, payload, null);
                sequence = next;
            }

            next++;
        }

        return next == row.Last + 1 ? (sequence, lives) : throw Unreadable(row);
    }

    private static InvalidDataException Unreadable(in TurnRow row) =>
        new($"The row of turns {row.First} to {row.Last} of consumer {row.Consumer:x16} cannot be read.");
}
