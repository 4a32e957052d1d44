using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Record;

/// <summary>Reads journalled payloads back, for histories, recovery of budgets, recounts and exports.</summary>
public static class PayloadReader
{
    /// <summary>Walks a payload: each event with what it cost, each decision with its reply.</summary>
    /// <exception cref="InvalidDataException">The payload is not one of a turn.</exception>
    public static void Read(ReadOnlySpan<byte> payload, Action<ConsumerEvent, Charge> onEvent, Action<RecordedTurnDecision, RecordedReply> onDecision)
    {
        var reader = new ByteReader(payload);
        reader.Bytes();
        while (!reader.AtEnd)
        {
            switch ((TurnPayload.Section)reader.Byte())
            {
                case TurnPayload.Section.Attributes:
                    TurnPayload.ReadAttributes(ref reader);
                    break;
                case TurnPayload.Section.Event:
                    (ConsumerEvent e, Charge charge) = TurnPayload.ReadEvent(ref reader);
                    onEvent(e, charge);
                    break;
                case TurnPayload.Section.Decision:
                    RecordedTurnDecision decision = TurnPayload.ReadDecision(ref reader);
                    var reply = new ByteReader(reader.Bytes());
                    onDecision(decision, ReplyCodec.Read(ref reply));
                    break;
                case TurnPayload.Section.StageChange:
                    TurnPayload.ReadStageChange(ref reader);
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
}
