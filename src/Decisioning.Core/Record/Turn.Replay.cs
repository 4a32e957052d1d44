using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

public sealed partial class Turn
{
    /// <summary>Applies a journalled turn to the loaded state again; money goes to the market, where one is given, unchecked.</summary>
    /// <exception cref="InvalidDataException">The turn is not the one after the state's last, or its payload is not one of a turn.</exception>
    public void Replay(ulong consumerKey, uint sequence, long instant, ReadOnlySpan<byte> payload, IMarketReplay? market)
    {
        if (sequence != State.Sequence + 1)
        {
            throw new InvalidDataException($"Turn {sequence} does not follow turn {State.Sequence} of the consumer.");
        }

        var reader = new ByteReader(TurnFacts.BodyOf(payload));
        Start(consumerKey, instant, reader.Bytes());
        Aging.BringTo(State, Now);
        MarkChanged();
        while (!reader.AtEnd)
        {
            ReplaySection(ref reader);
        }

        FactReader facts = TurnFacts.Of(payload);
        if (reader.Failed || !TryReplayFacts(ref facts, market))
        {
            throw new InvalidDataException($"The payload of turn {sequence} cannot be read.");
        }
    }

    /// <summary>Tells a market the money movements of a payload, for turns whose effect on the consumer is already stored.</summary>
    /// <exception cref="InvalidDataException">The payload is not one of a turn.</exception>
    public static void ReplayMoney(ReadOnlySpan<byte> payload, IMarketReplay market)
    {
        FactReader facts = TurnFacts.Of(payload);
        while (facts.MoveNext(out _))
        {
            Tell(market, facts.Current, facts.Instant);
        }

        if (facts.Failed)
        {
            throw new InvalidDataException("The facts of a turn cannot be read.");
        }
    }

    /// <summary>The consumer id that a payload begins with, UTF-8.</summary>
    public static ReadOnlySpan<byte> ConsumerIdOf(ReadOnlySpan<byte> payload) => new ByteReader(payload).Bytes();

    /// <summary>
    /// A choice for somebody unknown: no state is read or written. <see cref="Payload"/> then is what was held, to be journalled as a contextual record where
    /// <see cref="Changed"/>.
    /// </summary>
    /// <param name="command">The request; a consumer id in it serves holdouts alone.</param>
    /// <param name="now">The host's clock.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="market">Pacing and budgets.</param>
    /// <param name="nonce">Makes the choice's draws and ordinals its own.</param>
    public DecideReply DecideContextual(DecideCommand command, long now, CatalogueSnapshot catalogue, IMarket market, ulong nonce)
    {
        _stranger.Reset(System.Text.Encoding.UTF8.GetBytes(command.ConsumerId ?? ""));
        _catalogue = catalogue;
        _market = market;
        Now = now;
        _bodyLength = Open;
        _payload.Clear();
        _payload.Bytes([]);
        _facts.Begin(now);
        ulong seed = SeedOf(nonce, 0, 0);
        DecideReply reply = _decider.Decide(_stranger, command, market, now, seed);
        reply.Events = command.Events.Count == 0
            ? null
            : [.. command.Events.Select(e => EventRules.Rejected(e, EventCodes.NoConsent, "Without consent nothing is recorded for a consumer."))];
        WriteDecision(command, reply, seed, 0);
        Changed = !command.Test && _decider.Draws.Length > 0;
        return reply;
    }

    /// <summary>Puts back what a turn published without its rules at hand: changes of stage, the calendar entry, trials; and tells the market.</summary>
    private bool TryReplayFacts(ref FactReader facts, IMarketReplay? market)
    {
        while (facts.MoveNext(out _))
        {
            ref readonly Fact fact = ref facts.Current;
            if (!TryReplayFact(fact))
            {
                return false;
            }

            if (market is not null)
            {
                Tell(market, fact, facts.Instant);
            }
        }

        return !facts.Failed;
    }

    private bool TryReplayFact(scoped in Fact fact)
    {
        switch (fact.Kind)
        {
            case FactKind.Stage:
                return TryReplayStage(fact);
            case FactKind.Calendar:
                State.CalendarHour = fact.Count;
                return true;
            case FactKind.Won when fact.Has(FactFlags.Enters):
                Trials.Enter(State, fact.Brand, fact.Campaign, fact.Has(FactFlags.Ghost), Now);
                return true;
            case FactKind.Trial:
                return Trials.TryAdd(State, fact.Brand, fact.Campaign, fact.WeightMicros);
            default:
                return true;
        }
    }

    private bool TryReplayStage(scoped in Fact fact)
    {
        int slot = State.OpenSlot(fact.Brand);
        if (slot < 0)
        {
            return false;
        }

        if (fact.From != fact.To)
        {
            StageHistory.Add(State, slot, fact.At, fact.From, fact.To);
        }

        State.Relationships[slot].Stage = fact.To;
        return true;
    }

    private void ReplaySection(ref ByteReader reader)
    {
        switch ((TurnPayload.Section)reader.Byte())
        {
            case TurnPayload.Section.Attributes:
                AttributeList.Merge(State, TurnPayload.ReadAttributes(ref reader));
                break;
            case TurnPayload.Section.Event:
                ReplayEvent(ref reader);
                break;
            case TurnPayload.Section.Decision:
                ReplayDecision(ref reader);
                break;
            case TurnPayload.Section.Import:
                ReplayImport(ref reader);
                break;
            default:
                reader.Fail();
                break;
        }
    }

    private void ReplayEvent(ref ByteReader reader)
    {
        (ConsumerEvent e, _) = TurnPayload.ReadEvent(ref reader);
        if (reader.Failed || !CouldHappen(e))
        {
            reader.Fail();
            return;
        }

        int slot = State.OpenSlot(e.Brand);
        if (e.Type <= EventType.Dismiss)
        {
            AdRecorder.Apply(State, slot, e.Type, e.Brand, e.Ad, Now, out _);
        }

        EventMemory.Add(State, e.EventIdHash, Math.Max(e.OccurredAt, e.ReceivedAt));
        TouchCredits.CountArrival(State, slot, e);
        EvidenceOf(slot, e);
    }

    private void ReplayDecision(ref ByteReader reader)
    {
        RecordedTurnDecision decision = TurnPayload.ReadDecision(ref reader);
        ReadOnlySpan<byte> reply = reader.Bytes();
        if (reader.Failed)
        {
            return;
        }

        foreach (RecordedDraw draw in decision.Draws)
        {
            if (!draw.Ghost && !draw.Decision.Contextual && !TryReplayReservation(draw.Decision))
            {
                reader.Fail();
                return;
            }
        }

        if (decision.RequestHash != 0)
        {
            EventMemory.Remember(State, decision.RequestHash, Now, reply);
        }
    }

    /// <summary>Whether an event is one that a turn at this instant could have taken.</summary>
    private bool CouldHappen(in ConsumerEvent e) =>
        e.OccurredAt <= Now + StateBounds.AheadMs
        && (e.Type > EventType.Dismiss || EventRules.IsWithinReach(e.Ad.DecidedAt, Now))
        && Refusal(e) is null;

    /// <summary>False where the state has no room for it.</summary>
    private bool TryReplayReservation(in RecordedDecision decision)
    {
        int slot = State.OpenSlot(decision.Brand);
        if (slot < 0)
        {
            return false;
        }

        State.NextOrdinal = decision.Ordinal;
        var entry = new ExposureEntry
        {
            At = Now,
            Ordinal = decision.Ordinal,
            Campaign = decision.Campaign,
            Step = decision.Step,
            Creative = decision.Creative,
            ReserveSeconds = decision.ReserveSeconds,
            ChannelMark = decision.ReserveSeconds == 0 ? decision.ChannelMark : ChannelMark.None,
            Slot = slot,
            Stage = decision.Stage,
            Flags = decision.ReserveSeconds == 0 ? ExposureFlags.Confirmed : ExposureFlags.None,
        };
        return ExposureList.Place(State, entry, Now) >= 0;
    }

    private static void Tell(IMarketReplay market, scoped in Fact fact, long at)
    {
        if (fact.HeldMicros > 0)
        {
            market.Held(fact.Brand, fact.Campaign, fact.HeldMicros, fact.HeldUntil);
        }

        if (fact.ChargedMicros > 0)
        {
            market.Charged(fact.Brand, fact.Campaign, fact.ChargedMicros, at, fact.Kind == FactKind.Interaction && fact.HeldUntil >= 0 ? fact.HeldUntil : null);
        }
    }
}
