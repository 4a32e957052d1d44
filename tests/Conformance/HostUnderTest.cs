using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Turns;

namespace Decisioning.Conformance;

/// <summary>A host as the conformance suite sees it: the port, a clock that the suite sets, and a way to make what is due happen.</summary>
public abstract class HostUnderTest : IAsyncDisposable
{
    public const string Brand = "acme";
    public const string Consumer = "c-42";
    public const long DayMs = 86_400_000;

    public abstract IDecisionHost Host { get; }

    public abstract IWatchHost Watch { get; }

    public ConformanceClock Clock { get; } = new();

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Takes events in as history.</summary>
    public abstract ValueTask<EventResult[]> ImportAsync(params EventCommand[] events);

    /// <summary>Publishes everything that has fallen due.</summary>
    public abstract Task PublishDueAsync();

    /// <summary>Sees to it that no consumer is in memory.</summary>
    public abstract Task EvictAsync();

    /// <summary>A new consumer's view, taken at an instant, of which the books hear only now.</summary>
    public Task RecordLateAsync(string consumer, long at)
    {
        TurnScratch scratch = new(1);
        scratch.Turn.State.Reset(Encoding.UTF8.GetBytes(consumer));

        // A view costs nothing.
        scratch.Turn.Begin((ulong)at, at, Host.Catalogue, market: null!, null);
        Assert.Equal(EventStatus.Accepted, scratch.Turn.Record(Event(consumer, consumer: consumer, at: at)).Status);
        return AppendLateAsync((ulong)at, scratch.Turn);
    }

    /// <summary>Takes every turn into the books, as they are shown.</summary>
    public abstract Task BookAsync();

    /// <summary>Stores the books, and lets go of hours that are past.</summary>
    public abstract Task StoreBooksAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Puts a turn into the journal that was taken elsewhere.</summary>
    protected abstract Task AppendLateAsync(ulong key, Turn turn);

    public async Task PutAsync(string document)
    {
        CatalogueChange change = await Host.PutBrandAsync(Brand, Encoding.UTF8.GetBytes(document), null, "test", Cancelled);
        Assert.Empty(change.Faults);
        Assert.Equal(CatalogueOutcome.Done, change.Outcome);
    }

    public DecideCommand Command(string? consumer = Consumer, string? requestId = null)
    {
        CatalogueSnapshot catalogue = Host.Catalogue;
        DecideCommand command = new() { ConsumerId = consumer, RequestId = requestId, Catalogue = catalogue, Brands = catalogue.Brands, Consent = consumer is not null };
        command.Placements.Add(new PlacementCommand { Id = "p", Formats = 0xF, Count = 1, ConfirmAtDecision = false });
        return command;
    }

    public ValueTask<DecideReply> DecideAsync(string? consumer = Consumer, string? requestId = null) => Host.DecideAsync(Command(consumer, requestId), Cancelled);

    /// <summary>The decision that was made, where there was one.</summary>
    public async Task<(SlotDecision Decision, DecisionRef Ref)?> ChooseAsync(string? consumer = Consumer)
    {
        DecideReply reply = await DecideAsync(consumer);
        return reply.Placements[0].Decisions is [var only] ? (only, RefOf(only, reply.At, consumer)) : null;
    }

    public static DecisionRef RefOf(in SlotDecision decision, long at, string? consumer) => new(
        consumer, decision.Campaign.Brand.Symbol, decision.Campaign.Symbol, decision.Step.Symbol, decision.Creative.Symbol, decision.Ordinal, at,
        decision.ReserveSeconds, decision.Campaign.PriceModel, decision.Campaign.UnitPriceMicros, decision.ChannelMark);

    public EventCommand Event(string id, EventType type = EventType.View, string? consumer = Consumer, long? at = null) => new()
    {
        EventId = id,
        Type = type,
        ConsumerId = consumer,
        Brand = Brand,
        OccurredAt = at ?? Clock.Now,
        OrderId = type == EventType.Purchase ? "o-" + id : null,
        Value = type == EventType.Purchase ? 10_000_000 : null,
        Currency = type == EventType.Purchase ? "EUR" : null,
    };

    public ValueTask<EventResult[]> RecordAsync(params EventCommand[] events) => Host.RecordAsync(events, Host.Catalogue, Cancelled);

    public ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction) => Host.TrackAsync(decision, interaction, Cancelled);

    public async Task<RelationshipView?> RelationshipAsync(string consumer = Consumer) =>
        (await Host.ReadConsumerAsync(consumer, Cancelled))?.Brands.FirstOrDefault(b => b.Brand == Brand);
}
