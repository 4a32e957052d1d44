using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Tests.Support;

/// <summary>One consumer played by hand: a clock that is set, turns whose state goes through its packed form each time, a journal that is kept.</summary>
internal sealed class PlayedConsumer
{
    public const string Id = "c-42";
    private const ulong Key = 77;
    private readonly Turn _turn;
    private int _events;

    public PlayedConsumer(CatalogueSnapshot catalogue, long now, ulong seed = 5)
    {
        Catalogue = catalogue;
        Now = now;
        _turn = new Turn(seed);
    }

    /// <summary>The consumer's id, where a test needs another than <see cref="Id"/>.</summary>
    public string ConsumerId { get; init; } = Id;

    public CatalogueSnapshot Catalogue { get; set; }

    public long Now { get; set; }

    public OpenMarket Market { get; } = new();

    public long? ErasedAt { get; set; }

    public byte[]? Packed { get; set; }

    public List<(uint Sequence, long Instant, byte[] Payload)> Journal { get; } = [];

    public string[] Brands { get; set; } = ["aurora"];

    public DecideReply Decide(Action<DecideCommand>? change = null, string channel = "home", int count = 1)
    {
        var command = new DecideCommand { ConsumerId = ConsumerId, Catalogue = Catalogue, Brands = [.. Brands.Select(b => Catalogue.Find(b)!)] };
        command.Placements.Add(new PlacementCommand { Id = "p", Channel = channel, Formats = 0xF, Size = null, Count = count, ConfirmAtDecision = false });
        change?.Invoke(command);
        DecideReply reply = null!;
        Run(turn => reply = turn.Decide(command));
        return reply;
    }

    public SlotDecision Chosen(Action<DecideCommand>? change = null, string channel = "home") =>
        Assert.Single(Decide(change, channel).Placements[0].Decisions);

    public EventResult Report(EventType type, long? at = null, Func<EventCommand, EventCommand>? change = null, DecisionRef? decision = null, string? id = null)
    {
        var command = new EventCommand
        {
            EventId = id ?? $"e-{_events++}",
            Type = type,
            ConsumerId = ConsumerId,
            Brand = Brands[0],
            OccurredAt = at ?? Now,
            Decision = decision,
        };
        return Report(change?.Invoke(command) ?? command);
    }

    public EventResult Report(EventCommand command)
    {
        EventResult result = default;
        Run(turn => result = turn.Record(command));
        return result;
    }

    public EventResult Purchase(string order, long value, long? at = null, EventType type = EventType.Purchase) => Report(new EventCommand
    {
        EventId = $"e-{_events++}",
        Type = type,
        ConsumerId = ConsumerId,
        Brand = Brands[0],
        OccurredAt = at ?? Now,
        OrderId = order,
        Value = value,
        Currency = "CNY",
    });

    public bool Track(DecisionRef decision, EventType interaction)
    {
        bool recorded = false;
        Run(turn => recorded = turn.Track(decision, interaction));
        return recorded;
    }

    public EventResult Import(EventCommand command)
    {
        EventResult result = default;
        Run(turn => result = turn.Import(command));
        return result;
    }

    /// <summary>What the host's calendar does when the consumer's entry is due; the exact instant of the next change.</summary>
    public long Touch()
    {
        Run(turn => turn.Touch());
        return _turn.NextDue;
    }

    public void Reclassify() => Run(turn => turn.Reclassify());

    /// <summary>Forgets the consumer; what the host journals for it.</summary>
    public byte[] Erase()
    {
        var payload = new ByteWriter();
        TurnFacts.WriteErasure(Load(), Now, payload);
        ErasedAt = Now;
        Packed = null;
        return payload.Written.ToArray();
    }

    public static DecisionRef RefOf(in SlotDecision decision, long at) => new(
        Id, decision.Campaign.Brand.Symbol, decision.Campaign.Symbol, decision.Step.Symbol, decision.Creative.Symbol, decision.Ordinal, at,
        decision.ReserveSeconds, decision.Campaign.PriceModel, decision.Campaign.UnitPriceMicros, decision.ChannelMark);

    /// <summary>The consumer as it stands at an instant, without its decisions.</summary>
    public RelationshipView RelationshipAt(long instant, string brand = "aurora") =>
        Assert.Single(ConsumerViews.Of(Load(), Catalogue, instant, []).Brands, b => b.Brand == brand);

    public ConsumerView View()
    {
        var state = Load();
        return ConsumerViews.Of(state, Catalogue, Now, Journal.AsEnumerable().Reverse().Select(j => (j.Instant, new ReadOnlyMemory<byte>(j.Payload))));
    }

    public RelationshipView Relationship(string brand = "aurora") => Assert.Single(View().Brands, b => b.Brand == brand);

    public ConsumerState Load()
    {
        var state = new ConsumerState();
        LoadInto(state);
        return state;
    }

    /// <summary>A second consumer that is nothing but this one's journal applied again.</summary>
    public byte[] Replayed(IMarketReplay? market = null)
    {
        var turn = new Turn(5);
        turn.State.Reset(Encoding.UTF8.GetBytes(ConsumerId));
        foreach ((uint sequence, long instant, byte[] payload) in Journal)
        {
            turn.Replay(Key, sequence, instant, payload, market);
            byte[] packed = Pack(turn.State);
            Assert.True(ConsumerCodec.TryRead(packed, turn.State));
        }

        return Pack(turn.State);
    }

    public static byte[] Pack(ConsumerState state)
    {
        byte[] packed = new byte[ConsumerCodec.SizeOf(state)];
        Assert.Equal(packed.Length, ConsumerCodec.Write(state, packed));
        return packed;
    }

    private void Run(Action<Turn> act)
    {
        LoadInto(_turn.State);
        _turn.Begin(Key, Now, Catalogue, Market, ErasedAt);
        act(_turn);
        if (_turn.Changed)
        {
            Journal.Add((_turn.State.Sequence, _turn.Now, _turn.Payload.ToArray()));
            Packed = Pack(_turn.State);
        }
    }

    private void LoadInto(ConsumerState state)
    {
        if (Packed is null)
        {
            state.Reset(Encoding.UTF8.GetBytes(ConsumerId));
        }
        else
        {
            Assert.True(ConsumerCodec.TryRead(Packed, state));
        }
    }
}
