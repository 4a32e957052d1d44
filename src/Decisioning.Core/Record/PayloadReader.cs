using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

/// <summary>Reads journalled payloads back, for histories, recovery of budgets, recounts and exports.</summary>
public static class PayloadReader
{
    /// <summary>Walks a payload: each event with what it cost, each decision with its reply, and imported history for whom asks for it.</summary>
    /// <exception cref="InvalidDataException">The payload is not one of a turn.</exception>
    public static void Read(
        ReadOnlySpan<byte> payload, Action<ConsumerEvent, Charge> onEvent, Action<RecordedTurnDecision, RecordedReply> onDecision,
        Action<ConsumerEvent>? onImport = null)
    {
        var reader = new ByteReader(TurnFacts.BodyOf(payload));
        reader.Bytes();
        while (!reader.AtEnd)
        {
            switch ((TurnPayload.Section)reader.Byte())
            {
                case TurnPayload.Section.Attributes:
                    TurnPayload.ReadAttributes(ref reader);
                    break;
                case TurnPayload.Section.Event:
                    ReadEvent(ref reader, onEvent);
                    break;
                case TurnPayload.Section.Decision:
                    ReadDecision(ref reader, onDecision);
                    break;
                case TurnPayload.Section.Import:
                    ReadImport(ref reader, onImport);
                    break;
                default:
                    reader.Fail();
                    break;
            }
        }

        if (reader.Failed)
        {
            throw new InvalidDataException("The payload of a turn cannot be read.");
        }
    }

    // Nothing is told of a section that cannot be read whole.
    private static void ReadEvent(ref ByteReader reader, Action<ConsumerEvent, Charge> onEvent)
    {
        (ConsumerEvent e, Charge charge) = TurnPayload.ReadEvent(ref reader);
        if (!reader.Failed)
        {
            onEvent(e, charge);
        }
    }

    private static void ReadImport(ref ByteReader reader, Action<ConsumerEvent>? onImport)
    {
        ConsumerEvent e = ConsumerEvent.Read(ref reader);
        if (!reader.Failed)
        {
            onImport?.Invoke(e);
        }
    }

    private static void ReadDecision(ref ByteReader reader, Action<RecordedTurnDecision, RecordedReply> onDecision)
    {
        RecordedTurnDecision decision = TurnPayload.ReadDecision(ref reader);
        var kept = new ByteReader(reader.Bytes());
        RecordedReply reply = ReplyCodec.Read(ref kept);
        if (kept.Failed || !kept.AtEnd)
        {
            reader.Fail();
        }

        if (!reader.Failed)
        {
            onDecision(decision, reply);
        }
    }
}
