using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

public sealed partial class Turn
{
    /// <summary>
    /// Where the host is to make the consumer's one calendar entry after this turn: the UTC hour counted from the epoch, 0 to drop it; null: it stays. Ordinary
    /// turns only move it earlier.
    /// </summary>
    public int? CalendarMovedTo { get; private set; }

    /// <summary>The exact instant of the earliest change by time that this turn came to know of, ms since the Unix epoch; <see cref="long.MaxValue"/>: none.</summary>
    public long NextDue { get; private set; }

    /// <summary>Publishes what time alone changed with any brand, each change with its exact instant, and makes the calendar entry anew.</summary>
    public void Touch()
    {
        CatchUpAll();
        MakeCalendar();
    }

    /// <summary>Publishes what changed rules make of the evidence, as of now, and makes the calendar entry anew.</summary>
    public void Reclassify()
    {
        for (int slot = 0; slot < State.Relationships.Count && !State.IsMark; slot++)
        {
            if (_newest.Find(State.Relationships[slot].Brand) is { } brand)
            {
                PublishNow(slot, brand, new StageShift { Cause = StageCause.Rules });
            }
        }

        MakeCalendar();
    }

    /// <summary>
    /// Publishes what is due with any brand. Every turn that the calendar's hour has come for does so before it lets old evidence go: changes that were due while that
    /// still counted are then not lost.
    /// </summary>
    private void CatchUpAll()
    {
        for (int slot = 0; slot < State.Relationships.Count && !State.IsMark; slot++)
        {
            if (_newest.Find(State.Relationships[slot].Brand) is { } brand)
            {
                CatchUp(slot, brand, Now);
            }
        }
    }

    /// <summary>The brand as it is live; one that has left the catalogue as it was.</summary>
    private BrandSnapshot NewestOf(BrandSnapshot brand) => _newest.Find(brand.Symbol) ?? brand;

    private bool IsDue(long at) => State.CalendarHour != 0 && HourOf(at) >= State.CalendarHour;

    /// <summary>Lets events that waited for their instant join the evidence, in the state's own time: what each changed is published as of its instant.</summary>
    private void Ripen()
    {
        while (State.Pending.Count > 0 && State.Pending[0].OccurredAt <= Now)
        {
            BrandSnapshot? brand = Ripening.TryPeek(State, out ConsumerEvent e) ? _newest.Find(e.Brand) : null;
            int slot = brand is null || State.IsMark ? -1 : State.SlotOf(e.Brand);
            if (slot >= 0)
            {
                CatchUp(slot, brand!, e.OccurredAt);
            }

            Ripening.Take(State, Now);
            if (slot >= 0)
            {
                Publish(slot, brand!, e.OccurredAt, ShiftBy(e));
            }
        }
    }

    /// <summary>
    /// Publishes what changed with a brand since a turn last looked, up to an instant: where the calendar said that something was due, the changes that time
    /// made, one after the other; what is left is the work of changed rules.
    /// </summary>
    private void CatchUp(int slot, BrandSnapshot brand, long to)
    {
        DeeplinkStage last = State.Relationships[slot].Stage;
        DeeplinkStage stage = StageRules.At(State, slot, brand.Rules, to);
        if (stage == last || State.IsMark)
        {
            return;
        }

        if (stage < last && IsDue(to))
        {
            Expire(slot, brand, to);
        }

        Publish(slot, brand, to, new StageShift { Cause = StageCause.Rules });
    }

    private void Expire(int slot, BrandSnapshot brand, long to)
    {
        long at = Math.Max(StageExpiry.NewestEvidence(State, slot), StageHistory.LastChangeAt(State, slot));
        while ((at = StageExpiry.Of(State, slot, brand.Rules, at)) <= to)
        {
            DeeplinkStage last = State.Relationships[slot].Stage, stage = StageRules.At(State, slot, brand.Rules, at);
            if (stage < last)
            {
                Note(slot, brand, new StageShift(at, last, stage, StageCause.Time));
            }
        }
    }

    private void PublishNow(int slot, BrandSnapshot brand, in StageShift shift) => Publish(slot, brand, Now, shift);

    /// <summary>Notes a change of stage, if there is one at the instant.</summary>
    /// <returns>Whether there is.</returns>
    private bool Publish(int slot, BrandSnapshot brand, long at, in StageShift shift)
    {
        DeeplinkStage last = State.Relationships[slot].Stage, stage = StageRules.At(State, slot, brand.Rules, at);
        if (State.IsMark || (stage == last && !shift.Enters))
        {
            return false;
        }

        Note(slot, brand, shift with { At = at, From = last, To = stage });
        return true;
    }

    private void Note(int slot, BrandSnapshot brand, in StageShift shift)
    {
        _facts.Stage(brand.Symbol, shift, StageHistory.EnteredAt(State, slot));
        State.Relationships[slot].Stage = shift.To;
        if (shift.From != shift.To)
        {
            StageHistory.Add(State, slot, shift.At, shift.From, shift.To);
        }
    }

    private static StageShift ShiftBy(in ConsumerEvent e) => e.Type > EventType.Dismiss
        ? new StageShift { Cause = StageCause.Of(e.Type) }
        : new StageShift { Cause = StageCause.Of(e.Type), Campaign = e.Ad.Campaign, Creative = e.Ad.Creative, ChannelMark = e.Ad.ChannelMark };

    /// <summary>Moves the calendar entry to what the brand's evidence now makes due, where that is earlier.</summary>
    private void KeepCalendar(int slot, BrandSnapshot brand)
    {
        long due = StageRules.StableUntil(State, slot, brand.Rules, Now);
        int hour = HourOf(due);
        NextDue = Math.Min(NextDue, due);
        if (hour != 0 && !State.IsMark && (State.CalendarHour == 0 || hour < State.CalendarHour))
        {
            MoveCalendar(hour);
        }
    }

    private void MakeCalendar()
    {
        long due = long.MaxValue;
        for (int slot = 0; slot < State.Relationships.Count && !State.IsMark; slot++)
        {
            if (_newest.Find(State.Relationships[slot].Brand) is { } brand)
            {
                due = Math.Min(due, StageRules.StableUntil(State, slot, brand.Rules, Now));
            }
        }

        NextDue = due;
        if (HourOf(due) != State.CalendarHour)
        {
            MoveCalendar(HourOf(due));
        }

        if (!_facts.IsEmpty)
        {
            MarkChanged();
        }
    }

    private void MoveCalendar(int hour)
    {
        State.CalendarHour = hour;
        CalendarMovedTo = hour;
        _facts.Calendar(hour);
    }

    private static int HourOf(long due) => due == long.MaxValue ? 0 : (int)(due / StateBounds.MillisecondsPerHour);
}
