using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Support;

/// <summary>A host over a scripted journal and a store in memory, with a clock that stands still; it can crash and be opened again over what was durable.</summary>
internal sealed class TestWorld
{
    public const string Consumer = "c-42";
    public const string Brand = "acme";

    private static readonly EngineSecret Secret = new(new SipHash(1, 2), new SipHash(3, 4), 5);

    public TestClock Clock { get; } = new();

    /// <summary>Of the host, where it is to have beats of its own; null: <see cref="Clock"/>, which has none.</summary>
    public TimeProvider? Time { get; init; }

    public ScriptedLog Log { get; set; } = new();

    public HeldBackStore Store { get; set; } = new();

    public EngineOptions Options { get; init; } = new() { DataFolder = "", Shards = 4, MaxResidentBytes = 64 << 20, CalendarShare = 1, PassShare = 1, RecountShare = 1 };

    public IConsumerHash Hash { get; init; } = new KeyedConsumerHash(Secret);

    public EmbeddedHost Host { get; private set; } = null!;

    public CatalogueSnapshot Catalogue => Host.Catalogue;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Opens a host and puts a brand.</summary>
    public async Task<TestWorld> OpenAsync(string? document = null)
    {
        await ReopenAsync();
        await PutAsync(document ?? Brands.Simple());
        return this;
    }

    public async Task ReopenAsync()
    {
        HostClock clock = new(Time ?? Clock);
        CatalogueRoom catalogue = new(Store, IndustryTable.Empty, clock);
        Host = await EmbeddedHost.OpenAsync(
            new EngineParts
            {
                Log = Log,
                Store = Store,
                Hash = Hash,
                Seed = Secret.Seed,
                Catalogue = catalogue,
                Editor = catalogue,
                Clock = clock,
                Options = Options,
            },
            Cancelled);
    }

    /// <summary>The host is left as it stands; a new one opens over what was on disk.</summary>
    public async Task CrashAsync()
    {
        Log = Log.Crash();
        await ReopenAsync();
    }

    public async Task PutAsync(string document, string brand = Brand)
    {
        CatalogueChange change = await Host.PutBrandAsync(brand, Encoding.UTF8.GetBytes(document), null, "test", Cancelled);
        Assert.Empty(change.Faults);
        Assert.Equal(CatalogueOutcome.Done, change.Outcome);
    }

    public DecideCommand Command(string? consumer = Consumer, string? requestId = null, bool confirm = false, int count = 1)
    {
        DecideCommand command = new() { ConsumerId = consumer, RequestId = requestId, Catalogue = Catalogue, Brands = Catalogue.Brands, Consent = consumer is not null };
        command.Placements.Add(new PlacementCommand { Id = "p", Formats = 0xF, Count = count, ConfirmAtDecision = confirm });
        return command;
    }

    public ValueTask<DecideReply> DecideAsync(string? consumer = Consumer, string? requestId = null, bool confirm = false) =>
        Host.DecideAsync(Command(consumer, requestId, confirm), Cancelled);

    /// <summary>The decision, where there was one.</summary>
    public async Task<DecisionRef?> ChooseAsync(string? consumer = Consumer)
    {
        DecideReply reply = await DecideAsync(consumer);
        return reply.Placements[0].Decisions is [{ } only] ? RefOf(only, reply.At, consumer) : null;
    }

    public static DecisionRef RefOf(in SlotDecision decision, long at, string? consumer) => new(
        consumer, decision.Campaign.Brand.Symbol, decision.Campaign.Symbol, decision.Step.Symbol, decision.Creative.Symbol, decision.Ordinal, at,
        decision.ReserveSeconds, decision.Campaign.PriceModel, decision.Campaign.UnitPriceMicros);

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

    public ValueTask<EventResult[]> RecordAsync(params EventCommand[] events) => Host.RecordAsync(events, Catalogue, Cancelled);

    public ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction) => Host.TrackAsync(decision, interaction, Cancelled);

    public async Task<RelationshipView?> RelationshipAsync(string consumer = Consumer) =>
        (await Host.ReadConsumerAsync(consumer, Cancelled))?.Brands.FirstOrDefault(b => b.Brand == Brand);

    public Task UpkeepAsync() => Host.RunUpkeepAsync(Cancelled);

    /// <summary>The packed state of everybody, in memory and on disk, by key.</summary>
    public SortedDictionary<ulong, string> States()
    {
        SortedDictionary<ulong, string> states = [];
        foreach ((ulong key, ReadOnlyMemory<byte> packed) in Store.ReadAll())
        {
            states[key] = Convert.ToHexString(packed.Span);
        }

        foreach (ulong key in DirtyKeys())
        {
            var shard = Host.Rooms.Residents.ShardOf(key);
            states[key] = Convert.ToHexString(shard.StateAt(shard.Find(key)));
        }

        return states;
    }

    /// <summary>What the one campaign has spent and holds, in whole units.</summary>
    public (long Spent, long Today, long Held) Money()
    {
        CampaignSnapshot campaign = Catalogue.Find(Brand)!.Campaigns[0];
        PacingSpending spending = Host.Rooms.Ledger.SpendingOf(campaign.Brand.Symbol, campaign.Symbol);
        long held = Host.Rooms.Ledger.HeldOf(campaign.Brand.Symbol, campaign.Symbol, Clock.Now);
        return (spending.Total / 1_000_000, spending.Today / 1_000_000, held / 1_000_000);
    }

    public List<ulong> DirtyKeys()
    {
        List<ulong> dirty = [];
        foreach (var shard in Host.Rooms.Residents.Shards)
        {
            shard.CollectDirty(dirty);
        }

        return dirty;
    }
}
