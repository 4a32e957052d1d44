using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Record;

/// <summary>
/// One consumer's turn on one scratch state. A host loads <see cref="State"/>, calls <see cref="Begin"/>, then any of <see cref="Decide"/>,
/// <see cref="Record"/> and <see cref="Track"/>; where <see cref="Changed"/>, it journals <see cref="Payload"/> and packs the state. A turn that is not kept
/// leaves nothing behind but money it held, which comes back by itself. One instance a thread.
/// </summary>
public sealed partial class Turn
{
    private readonly ulong _seed;
    private readonly SipHash _hash;
    private readonly Decider _decider = new();
    private readonly ByteWriter _payload = new();
    private readonly ByteWriter _reply = new();
    private readonly FactWriter _facts = new();
    private readonly BrandListForm _brandList = new();
    private readonly ConsumerState _stranger = new();
    private CatalogueSnapshot _catalogue = CatalogueSnapshot.Empty;
    private CatalogueSnapshot _newest = CatalogueSnapshot.Empty;
    private IMarket? _market;
    private ulong _key;
    private long _erasedAt;
    private int _bodyLength = Open;

    /// <summary>In place of the body's length: facts do not yet stand behind it.</summary>
    private const int Open = -1;

    /// <param name="seed">The server's secret: seeds the draws and keys the hashes of event and request ids.</param>
    public Turn(ulong seed)
    {
        _seed = seed;
        _hash = new SipHash(seed, new SplitMix(seed).Next());
    }

    public ConsumerState State { get; } = new();

    /// <summary>The turn's instant, ms since the Unix epoch; never behind the consumer's last turn.</summary>
    public long Now { get; private set; }

    /// <summary>Whether there is anything to journal and store.</summary>
    public bool Changed { get; private set; }

    /// <summary>What to journal, where <see cref="Changed"/>: what was asked and answered, then the facts.</summary>
    public ReadOnlySpan<byte> Payload
    {
        get
        {
            if (_bodyLength == Open)
            {
                _bodyLength = _payload.Length;
                TurnFacts.Append(_facts, _payload);
            }

            return _payload.Written;
        }
    }

    /// <summary>The payload up to its facts, to be written on.</summary>
    private ByteWriter Body
    {
        get
        {
            if (_bodyLength != Open)
            {
                _payload.Rewind(_bodyLength);
                _bodyLength = Open;
            }

            return _payload;
        }
    }

    /// <summary>Starts a turn on the loaded state.</summary>
    /// <param name="consumerKey">The host's number for the consumer.</param>
    /// <param name="now">The host's clock; raised to the consumer's last instant where behind it.</param>
    /// <param name="catalogue">The catalogue that was asked under, for the whole turn.</param>
    /// <param name="market">Pacing and budgets.</param>
    /// <param name="erasedAt">When a consumer of this id was last erased; what lies at or before it counts nothing. Null: never.</param>
    /// <param name="newest">
    /// The catalogue that is live as the turn begins: stages follow its rules, whatever was asked under, so that no slow request brings old ones back. Null:
    /// <paramref name="catalogue"/> is that.
    /// </param>
    public void Begin(ulong consumerKey, long now, CatalogueSnapshot catalogue, IMarket market, long? erasedAt, CatalogueSnapshot? newest = null)
    {
        Start(consumerKey, now, State.IdUtf8);
        _catalogue = catalogue;
        _newest = newest ?? catalogue;
        _market = market;
        _erasedAt = erasedAt ?? -1;
        Ripen();
        if (IsDue(Now))
        {
            CatchUpAll();
        }

        Aging.BringTo(State, Now);
    }

    /// <summary>Records the command's events, then decides, or repeats the answer to the same request id. Attributes are kept, the newest winning.</summary>
    public DecideReply Decide(DecideCommand command)
    {
        _catalogue = command.Catalogue;
        _market = command.Test ? new LookOnlyMarket(_market!) : _market;
        EventResult[]? events = command.Events.Count == 0 ? null : new EventResult[command.Events.Count];
        for (int i = 0; i < command.Events.Count; i++)
        {
            events![i] = RecordIn(command, command.Events[i]);
        }

        ulong requestHash = command.RequestId is null ? 0 : _hash.Of(command.RequestId) | 1;
        DecideReply reply = Repeated(requestHash, command) ?? DecideAnew(command, requestHash);
        reply.Events = events;
        return reply;
    }

    /// <summary>Records one event. Rejected ones and duplicates change nothing.</summary>
    public EventResult Record(EventCommand command)
    {
        if (EventRules.Resolve(command, _catalogue, Now, _hash, out ConsumerEvent resolved) is { } rejected)
        {
            return rejected;
        }

        if (resolved.OccurredAt <= _erasedAt || (resolved.Type <= EventType.Dismiss && resolved.Ad.DecidedAt <= _erasedAt))
        {
            return EventRules.Rejected(command, EventCodes.TooOld, "The consumer was erased after this happened.");
        }

        if (EventMemory.Knows(State, resolved.EventIdHash, Now))
        {
            return new EventResult(command.EventId, EventStatus.Duplicate);
        }

        return Refusal(resolved) is { } refusal
            ? EventRules.Rejected(command, refusal.Code, refusal.Detail)
            : new EventResult(command.EventId, Apply(resolved) ? EventStatus.Accepted : EventStatus.Duplicate);
    }

    /// <summary>Records a tracker call for one of the consumer's decisions, or for a contextual one. Each kind counts once.</summary>
    /// <returns>False where the consumer was erased since or the brand is gone: nothing is recorded.</returns>
    public bool Track(DecisionRef decision, EventType interaction)
    {
        if (decision.DecidedAt <= _erasedAt || _catalogue.Find(decision.Brand) is not { } brand)
        {
            return false;
        }

        if (!EventRules.IsWithinReach(decision.DecidedAt, Now))
        {
            return true;
        }

        var tracked = new ConsumerEvent
        {
            Type = interaction,
            Brand = decision.Brand,
            OccurredAt = Now,
            ReceivedAt = Now,
            LocalDay = brand.Calendar.DayOf(Now),
            ReceivedDay = brand.Calendar.DayOf(Now),
            Ad = AdContext.Of(decision),
        };
        if (Refusal(tracked) is null)
        {
            Apply(tracked);
        }

        return true;
    }

    private void Start(ulong consumerKey, long now, ReadOnlySpan<byte> id)
    {
        _key = consumerKey;
        Now = Math.Max(now, State.LastInstant);
        Changed = false;
        CalendarMovedTo = null;
        NextDue = long.MaxValue;
        _bodyLength = Open;
        _payload.Clear();
        _payload.Bytes(id);
        _facts.Begin(Now);
    }

    /// <summary>Counts the turn, once.</summary>
    private void MarkChanged()
    {
        if (Changed)
        {
            return;
        }

        Changed = true;
        State.Sequence++;
        State.LastInstant = Now;
    }

    private EventResult RecordIn(DecideCommand command, EventCommand e)
    {
        bool consented = command.Consent ?? (e.Brand is null || _catalogue.Find(e.Brand) is not { RequireConsent: true });
        return consented ? Record(e) : EventRules.Rejected(e, EventCodes.NoConsent, "Without consent nothing is recorded for a consumer.");
    }

    private DecideReply? Repeated(ulong requestHash, DecideCommand command)
    {
        if (requestHash == 0 || command.Test || !EventMemory.TryRecall(State, requestHash, Now, out ReadOnlySpan<byte> kept))
        {
            return null;
        }

        var reader = new ByteReader(kept);
        return ReplyCodec.Resolve(ReplyCodec.Read(ref reader), command.Placements.Count, command.Catalogue);
    }

    private DecideReply DecideAnew(DecideCommand command, ulong requestHash)
    {
        if (command.Test)
        {
            return DecideTest(command);
        }

        MarkChanged();
        if (!command.IsContextual && command.Attributes.Count > 0)
        {
            AttributeList.Merge(State, command.Attributes);
            TurnPayload.WriteAttributes(command.Attributes, Body);
        }

        ulong seed = SeedOf(_key, State.NextOrdinal, State.Sequence);
        int known = State.Relationships.Count;
        DecideReply reply = _decider.Decide(State, command, _market!, Now, seed);
        WriteDecision(command, reply, seed, requestHash);
        NoteKnown(known);
        if (requestHash != 0)
        {
            EventMemory.Remember(State, requestHash, Now, _reply.Written);
        }

        foreach (ref readonly DrawRecord draw in _decider.Draws)
        {
            if (!draw.Ghost && !draw.Decision.Contextual)
            {
                CatchUp(State.SlotOf(draw.Decision.Campaign.Brand.Symbol), NewestOf(draw.Decision.Campaign.Brand), Now);
            }
        }

        return reply;
    }

    /// <summary>Decides on the scratch state; the turn then counts as unchanged, so nothing of it is kept.</summary>
    private DecideReply DecideTest(DecideCommand command)
    {
        AttributeList.Merge(State, command.Attributes);
        uint sequence = Changed ? State.Sequence : State.Sequence + 1;
        DecideReply reply = _decider.Decide(State, command, _market!, Now, SeedOf(_key, State.NextOrdinal, sequence));
        Changed = false;
        _payload.Clear();
        _facts.Clear();
        return reply;
    }

    private void WriteDecision(DecideCommand command, DecideReply reply, ulong seed, ulong requestHash)
    {
        _reply.Clear();
        ReplyCodec.Write(reply, _reply);
        TurnPayload.WriteDecision(command, _brandList.Of(command.Brands), _decider, seed, requestHash, Body);
        _payload.Bytes(_reply.Written);
        BookDecision(command, reply);
    }

    private ulong SeedOf(ulong key, uint ordinal, uint sequence) => new SplitMix(_seed ^ key ^ (ulong)ordinal << 32 ^ sequence).Next();

    /// <summary>Why an event that is well formed cannot be taken; null where it can.</summary>
    private (string Code, string Detail)? Refusal(in ConsumerEvent e)
    {
        int slot = State.SlotOf(e.Brand);
        if (slot < 0 && State.Relationships.Count >= StateBounds.Relationships)
        {
            return (EventCodes.ConsumerFull, $"A consumer has records with at most {StateBounds.Relationships} brands.");
        }

        if (State.EventIds.Count >= StateBounds.EventIds && e.EventIdHash != 0)
        {
            return (EventCodes.ConsumerFull, $"A consumer has at most {StateBounds.EventIds} events in 30 days.");
        }

        if (State.Hours.Count >= StateBounds.Hours || (e.OccurredAt > Now && State.Pending.Count >= StateBounds.Pending))
        {
            return (EventCodes.ConsumerFull, "The consumer's history is full.");
        }

        if (e.Type <= EventType.Dismiss && slot >= 0 && !AdRecorder.HasRoom(State, e.Type, e.Ad, Now))
        {
            return (EventCodes.ConsumerFull, $"A consumer has at most {StateBounds.Exposures} live reservations.");
        }

        return e.Type == EventType.Refund && WaitsInVain(slot, e)
            ? (EventCodes.OrderUnknown, $"The order is not known, and {StateBounds.WaitingRefunds} refunds already wait for theirs.")
            : null;
    }

    private bool WaitsInVain(int slot, in ConsumerEvent e)
    {
        if (slot < 0)
        {
            return false;
        }

        int waiting = 0;
        foreach (ref readonly OrderEntry order in State.Orders.Items)
        {
            waiting += order.Slot == slot && order.IsWaitingRefund ? 1 : 0;
        }

        return waiting >= StateBounds.WaitingRefunds && EvidenceRecorder.FindOrder(State, slot, Encoding.UTF8.GetBytes(e.OrderId!)) < 0;
    }

    /// <summary>Applies an event that may be applied. False: its decision already had this kind.</summary>
    private bool Apply(ConsumerEvent e)
    {
        if (e.Type <= EventType.Dismiss && AdRecorder.Knows(State, e.Type, e.Ad))
        {
            return false;
        }

        BrandSnapshot brand = _catalogue.Find(e.Brand)!;
        int known = State.Relationships.Count;
        int slot = State.OpenSlot(e.Brand);
        MarkChanged();
        NoteKnown(known);
        CatchUp(slot, NewestOf(brand), Now);
        e.Ad.Stage = State.Relationships[slot].Stage;
        Charge charge = Book(slot, brand, e);
        EventMemory.Add(State, e.EventIdHash, Math.Max(e.OccurredAt, e.ReceivedAt));
        EvidenceOf(slot, e);
        TurnPayload.WriteEvent(e, charge, Body);
        Reckon(slot, NewestOf(brand), e, ShiftBy(e));
        return true;
    }

    private void EvidenceOf(int slot, in ConsumerEvent e)
    {
        if (e.OccurredAt > Now)
        {
            Ripening.Postpone(State, e, _reply);
        }
        else
        {
            EvidenceRecorder.Apply(State, slot, e, Now);
        }
    }

    /// <summary>Takes the money; what came back is what was really charged.</summary>
    private Charge Pay(in Charge charge)
    {
        if (charge.AmountMicros == 0)
        {
            return Charge.None;
        }

        bool paid = charge.HeldUntil is { } heldUntil
            ? _market!.TryChargeHeld(charge.Brand, charge.Campaign, charge.AmountMicros, heldUntil, Now)
            : _market!.TryCharge(charge.Brand, charge.Campaign, charge.AmountMicros, Now);
        return paid ? charge : Charge.None;
    }
}
