using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

public sealed partial class Turn
{
    /// <summary>Writes the facts of an event and lets it into exposures, budgets and the day's counts; evidence comes after it.</summary>
    /// <returns>What it cost.</returns>
    private Charge Book(int slot, BrandSnapshot brand, in ConsumerEvent e)
    {
        if (e.Type > EventType.Dismiss)
        {
            int arrivals = TouchCredits.CountArrival(State, slot, e);
            _facts.Event(e.Brand, e.Type);
            TouchCredits.Book(State, slot, brand, e, arrivals, _facts);
            return Charge.None;
        }

        bool late = TouchCredits.IsLate(State, slot, brand.Rules, e);
        FactFlags flags = AdRecorder.Apply(State, slot, e.Type, e.Brand, e.Ad, Now, out Charge charge);
        charge = Pay(charge);
        _facts.Interaction(e, flags, charge);
        if (late)
        {
            _facts.LateTouch(e.Brand, e.Ad.Campaign);
        }

        return charge;
    }

    /// <summary>Publishes what an event changed, and moves the calendar entry where something may now be due earlier.</summary>
    private void Reckon(int slot, BrandSnapshot brand, in ConsumerEvent e, in StageShift shift)
    {
        bool moved = Publish(slot, brand, Now, shift);
        bool shortens = e.Type is EventType.Purchase or EventType.Deposit or EventType.Refund || (Evidence.FamilyOf(e.Type, out bool isOut) is not null && isOut);
        if (moved || shortens || e.OccurredAt > Now || (State.CalendarHour == 0 && State.Relationships[slot].Stage != DeeplinkStage.None))
        {
            KeepCalendar(slot, brand);
        }
    }

    /// <summary>Writes which brands the consumer became known to.</summary>
    /// <param name="before">Relationships that there were.</param>
    private void NoteKnown(int before)
    {
        for (int slot = before; slot < State.Relationships.Count && !State.IsMark; slot++)
        {
            _facts.Known(State.Relationships[slot].Brand);
        }
    }

    private void BookDecision(DecideCommand command, DecideReply reply)
    {
        int slots = 0;
        foreach (PlacementCommand placement in command.Placements)
        {
            slots += placement.Count;
        }

        _facts.Search(_brandList.Of(command.Brands), slots, _decider.Funnel);
        foreach (ref readonly DrawRecord draw in _decider.Draws)
        {
            _facts.Won(draw, command.Placements[draw.Placement].Channel, FlagsOf(draw), Now + draw.Decision.ReserveSeconds * 1000L);
        }

        for (int p = 0; p < reply.Placements.Length; p++)
        {
            if (reply.Placements[p].NoDecision is { } none)
            {
                foreach (BrandSnapshot brand in command.Brands)
                {
                    _facts.NoDecision(brand.Symbol, none.Reason, command.Placements[p].Count - reply.Placements[p].Decisions.Length);
                }
            }
        }
    }

    private FactFlags FlagsOf(in DrawRecord draw) => Trials.TryEnter(State, draw, Now) ? FactFlags.Enters | ShownBy(draw) : ShownBy(draw);

    /// <summary>Where the decision itself counts as shown, it is shown with the draw.</summary>
    private FactFlags ShownBy(in DrawRecord draw)
    {
        if (draw.Ghost || draw.Decision.ReserveSeconds > 0)
        {
            return draw.Ghost ? FactFlags.Ghost : FactFlags.None;
        }

        int index = draw.Decision.Contextual ? -1 : ExposureList.Find(State, Now, draw.Decision.Ordinal);
        return FactFlags.Renders | (index < 0 ? FactFlags.None : Sightings.FirstOf(State, index, atDecision: true));
    }
}
