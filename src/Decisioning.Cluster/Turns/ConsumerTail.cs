using Decisioning.Cluster.Storage;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;
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

        int first = 0;
        for (int i = 0; i < stored.Tail.Count; i++)
        {
            if (stored.Tail[i].Kind == TurnKind.Erasure)
            {
                (first, sequence, lives) = (i + 1, stored.Tail[i].Last, false);
            }
        }

        for (int i = first; i < stored.Tail.Count; i++)
        {
            sequence = Apply(stored.Tail[i], sequence, lives, scratch);
            lives |= sequence > stored.Snapshot.Sequence;
        }

        return (sequence, lives);
    }

    /// <summary>Walks the payloads of a row, from its first turn on.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> PayloadsOf(TurnRow row)
    {
        for (int at = 0; at < row.Payloads.Length;)
        {
            ReadOnlyMemory<byte> rest = row.Payloads[at..];
            int length = LengthAt(rest.Span, out int read);
            if (length < 0)
            {
                throw Unreadable(row);
            }

            yield return rest.Slice(read, length);
            at += read + length;
        }
    }

    private static long Apply(in TurnRow row, long sequence, bool lives, TurnScratch scratch)
    {
        long next = row.First;
        foreach (ReadOnlyMemory<byte> payload in PayloadsOf(row))
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
                    scratch.Turn.State.Reset(Turn.ConsumerIdOf(payload.Span));
                    scratch.Turn.State.Sequence = (uint)sequence;
                    lives = true;
                }

                long instant = TurnFacts.Of(payload.Span).Instant;
                scratch.Turn.Replay(row.Consumer, (uint)next, instant == 0 ? row.Instant : instant, payload.Span, null);
                sequence = next;
            }

            next++;
        }

        return next == row.Last + 1 ? sequence : throw Unreadable(row);
    }

    private static int LengthAt(ReadOnlySpan<byte> bytes, out int read)
    {
        ByteReader from = new(bytes);
        int length = from.Int(int.MaxValue);
        read = bytes.Length - from.Rest.Length;
        return from.Failed || length > from.Rest.Length ? -1 : length;
    }

    private static InvalidDataException Unreadable(in TurnRow row) =>
        new($"The row of turns {row.First} to {row.Last} of consumer {row.Consumer:x16} cannot be read.");
}
