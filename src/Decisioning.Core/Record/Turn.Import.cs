using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

public sealed partial class Turn
{
    /// <summary>
    /// Takes in an event of any age as history: it joins evidence and orders by the rules of every event, and stages follow; nothing is booked for it but that the
    /// consumer is where it is. What lies beyond every window builds nothing. Rejected events and duplicates change nothing.
    /// </summary>
    public EventResult Import(EventCommand command)
    {
        if (EventRules.ResolveImport(command, _catalogue, Now, _hash, out ConsumerEvent resolved) is { } rejected)
        {
            return rejected;
        }

        if (resolved.OccurredAt <= _erasedAt)
        {
            return EventRules.Rejected(command, EventCodes.TooOld, "The consumer was erased after this happened.");
        }

        if (EventMemory.Knows(State, resolved.EventIdHash, Now))
        {
            return new EventResult(command.EventId, EventStatus.Duplicate);
        }

        if ((Refusal(resolved) ?? RefusalOfImport(resolved)) is { } refusal)
        {
            return EventRules.Rejected(command, refusal.Code, refusal.Detail);
        }

        ApplyImport(resolved);
        return new EventResult(command.EventId, EventStatus.Accepted);
    }

    /// <summary>A refund waits for its order as long as events may be late: an older one needs it to be there.</summary>
    private (string Code, string Detail)? RefusalOfImport(in ConsumerEvent e)
    {
        if (e.Type != EventType.Refund || e.OccurredAt >= Now - StateBounds.LateMs)
        {
            return null;
        }

        int slot = State.SlotOf(e.Brand);
        return slot >= 0 && EvidenceRecorder.FindOrder(State, slot, e.OrderId) >= 0
            ? null
            : (EventCodes.OrderUnknown, "The order is not known: import a purchase before its refund.");
    }

    private void ApplyImport(in ConsumerEvent e)
    {
        BrandSnapshot brand = NewestOf(_catalogue.Find(e.Brand)!);
        bool enters = State.SlotOf(e.Brand) < 0;
        int slot = State.OpenSlot(e.Brand);
        MarkChanged();
        CatchUp(slot, brand, Now);
        TakeIn(slot, e);
        TurnPayload.WriteImport(e, Body);
        Reckon(slot, brand, e, new StageShift { Cause = StageCause.Import, Enters = enters });
    }

    private void TakeIn(int slot, in ConsumerEvent e)
    {
        EventMemory.Add(State, e.EventIdHash, e.ReceivedAt);
        EvidenceRecorder.Apply(State, slot, e, Now);
    }

    private void ReplayImport(ref ByteReader reader)
    {
        ConsumerEvent e = ConsumerEvent.Read(ref reader);
        if (reader.Failed || e.OccurredAt > Now || Refusal(e) is not null)
        {
            reader.Fail();
            return;
        }

        TakeIn(State.OpenSlot(e.Brand), e);
    }
}
