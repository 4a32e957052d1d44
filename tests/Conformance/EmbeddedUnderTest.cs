using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Storage;

namespace Decisioning.Conformance;

/// <summary>The embedded host, its journal and store in memory.</summary>
internal sealed class EmbeddedUnderTest : HostUnderTest
{
    private readonly MemoryTurnLog _log = new();
    private EmbeddedHost? _host;

    public override IDecisionHost Host => Embedded;

    public override IWatchHost Watch => Embedded;

    private EmbeddedHost Embedded => _host!;

    /// <param name="secret">What <see cref="EngineSecret.CreateBytes"/> made.</param>
    public static async Task<EmbeddedUnderTest> OpenAsync(byte[] secret)
    {
        EmbeddedUnderTest under = new();
        HostClock clock = new(under.Clock);
        MemoryStateStore store = new();
        EngineSecret keys = EngineSecret.Of(secret, "the secret");
        CatalogueRoom catalogue = new(store, IndustryFile.Default, clock);
        under._host = await EmbeddedHost.OpenAsync(
            new EngineParts
            {
                Log = under._log,
                Store = store,
                Hash = new KeyedConsumerHash(keys),
                Seed = keys.Seed,
                Catalogue = catalogue,
                Editor = catalogue,
                Clock = clock,
                Options = new EngineOptions { DataFolder = "", Shards = 4, MaxResidentBytes = 64 << 20, CalendarShare = 1, PassShare = 1, RecountShare = 1 },
                Owned = [store],
            },
            Cancelled);
        return under;
    }

    public override ValueTask<EventResult[]> ImportAsync(params EventCommand[] events) => Embedded.ImportAsync(events, Embedded.Catalogue, Cancelled);

    public override Task PublishDueAsync() => Embedded.RunCalendarAsync(Cancelled);

    public override async Task EvictAsync()
    {
        await Embedded.RunUpkeepAsync(Cancelled);
        Embedded.Rooms.Residents.Sweep(8);
        Assert.Equal(0, Embedded.ResidentConsumers);
    }

    protected override async Task AppendLateAsync(ulong key, Turn turn) =>
        await _log.WhenDurableAsync(_log.Append(new TurnHead(TurnKind.Turn, key, turn.State.Sequence, turn.Now, 0), turn.Payload, urgent: true), Cancelled);

    public override Task BookAsync()
    {
        Embedded.RunBooks();
        return Task.CompletedTask;
    }

    public override Task StoreBooksAsync() => Embedded.RunUpkeepAsync(Cancelled);

    public override ValueTask DisposeAsync() => Embedded.DisposeAsync();
}
