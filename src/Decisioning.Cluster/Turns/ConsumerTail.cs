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

    /// <summary>The turns of a row in their order, each with its instant.</summary>
    public static List<(long At, ReadOnlyMemory<byte> Payload)> TurnsOf(in TurnRow row)
    {
        List<(long At, ReadOnlyMemory<byte> Payload)> turns = [];
        foreach (ReadOnlySpan<byte> payload in new RowPayloads(row.Payloads.Span))
        {
            turns.Add((InstantOf(payload, row), payload.ToArray()));
        }

        return turns;
    }

    // A turn whose facts do not tell its instant is the last of its row.
    private static long InstantOf(ReadOnlySpan<byte> payload, in TurnRow row) => TurnFacts.Of(payload).Instant is > 0 and var told ? told : row.Instant;

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

                scratch.Turn.Replay(row.Consumer, (uint)next, InstantOf(payload, row), payload, null);
                sequence = next;
            }

            next++;
        }

        return next == row.Last + 1 ? (sequence, lives) : throw Unreadable(row);
    }

    private static InvalidDataException Unreadable(in TurnRow row) =>
        new($"The row of turns {row.First} to {row.Last} of consumer {row.Consumer:x16} cannot be read.");
}
