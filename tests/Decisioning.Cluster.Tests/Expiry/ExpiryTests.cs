using Decisioning.Cluster.Books;
using Decisioning.Cluster.Expiry;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Cluster.Tests.Watch;
using Decisioning.Conformance;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Tests.Expiry;

public sealed class ExpiryTests
{
    private const long HourMs = 3_600_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stage_falls_at_its_exact_instant_on_three_silos()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(silos: 3);
        await world.PutAsync(Documents.Simple());
        long began = world.Clock.Now;
        for (int i = 0; i < 12; i++)
        {
            world.SpeakTo(i % 3);
            await world.RecordAsync(world.Event($"e-{i}", EventType.View, $"c-{i}", began - i * 1_000));
        }

        RelationshipView view = (await world.RelationshipAsync("c-0"))!;
        Assert.NotEqual(Stage.None, view.Stage);
        long due = began + world.Host.Catalogue.Find(HostUnderTest.Brand)!.Rules.AwarenessWindow;

        // The earliest is the last one's; half of them have fallen due.
        world.Clock.Now = due - 6_000;
        await world.PublishDueAsync();
        world.Clock.Now = due - 1;
        await world.PublishDueAsync();
        await world.PulseAsync(2, static p => p.Deeplink.Skip(1).Sum() == 1);
        world.Clock.Now = due;
        await world.PublishDueAsync();
        await world.PulseAsync(2, static p => p.Deeplink.Skip(1).Sum() == 0);
        for (int i = 0; i < 12; i++)
        {
            RelationshipView gone = (await world.RelationshipAsync($"c-{i}"))!;
            Assert.Equal((Stage.None, due - i * 1_000), (gone.Stage, gone.StageHistory[^1].At));
        }
    }

    [Fact]
    public async Task A_share_touches_who_is_due_at_the_instant_and_nobody_before()
    {
        ShardWorld world = new();
        world.Due[3] = world.Clock.Now + 10_000;
        world.Due[19] = world.Clock.Now + HourMs * 5;
        await world.EnterAsync(3);
        await world.EnterAsync(19);
        await world.RunAsync();
        world.Touched.Clear();
        world.Time.Now += 9_999;
        await world.RunAsync();
        Assert.Empty(world.Touched);
        world.Time.Now += 1;
        await world.RunAsync();
        Assert.Equal([3UL], world.Touched);
    }

    [Fact]
    public async Task Who_is_entered_for_a_loaded_hour_is_touched_when_a_silo_says_so_and_else_when_the_hour_is_read_again()
    {
        ShardWorld world = new();
        await world.RunAsync();
        world.Due[3] = world.Clock.Now + 1_000;
        await world.EnterAsync(3);
        await world.RunAsync();
        Assert.Empty(world.Touched);
        world.Shard.Enter([3]);
        await world.RunAsync();
        Assert.Equal([3UL], world.Touched);
        world.Due[35] = world.Clock.Now;
        await world.EnterAsync(35);
        world.Time.Now += 60_000;
        await world.RunAsync();
        Assert.Contains(35UL, world.Touched);
    }

    [Fact]
    public async Task Every_share_reads_its_hours_again_once_a_silo_is_gone()
    {
        ConformanceClock time = new();
        TestEpochs epochs = new();
        TestShard[] shards = [.. Enumerable.Range(0, ExpiryShard.Shards).Select(static _ => new TestShard())];
        await using ExpiryCourier courier = new(shard => shards[shard], epochs, new HostClock(time));
        epochs.Known = [new EpochRow(1, "one", true, 0), new EpochRow(2, "two", true, 0)];
        await courier.RunAsync();
        epochs.Known = [.. epochs.Known, new EpochRow(3, "three", true, 0)];
        await courier.RunAsync();
        Assert.All(shards, static shard => Assert.Equal((1, 0), (shard.Woken, shard.Read)));
        epochs.Known = [new EpochRow(1, "one", true, 0), new EpochRow(2, "two", false, 7), new EpochRow(3, "three", true, 0)];
        shards[3].Refuses = true;
        await Assert.ThrowsAsync<TimeoutException>(courier.RunAsync);
        shards[3].Refuses = false;
        await courier.RunAsync();
        epochs.Known = [new EpochRow(1, "one", true, 0), new EpochRow(3, "three", true, 0)];
        await courier.RunAsync();
        Assert.All(shards, static shard => Assert.Equal((1, 1), (shard.Woken, shard.Read)));
    }

    [Fact]
    public async Task A_shard_whose_silo_dies_goes_on_elsewhere_before_a_reminder_would_bring_it_back()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(silos: 2);
        await world.PutAsync(Documents.Simple());
        await world.RecordAsync(world.Event("e-1"));
        long due = world.Clock.Now + world.Host.Catalogue.Find(HostUnderTest.Brand)!.Rules.AwarenessWindow;
        IExpiryShardGrain shard = world.ServiceOf<IGrainFactory>(0).GetGrain<IExpiryShardGrain>((long)(world.KeyOf() % ExpiryShard.Shards));
        await shard.StartAsync();
        await world.KillAsync(await world.SiloOfAsync(shard));
        world.Clock.Now = due;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (await StageChangesAsync(world) is not [.., { To: DeeplinkStage.None }])
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(due, (await StageChangesAsync(world))[^1].At);
    }

    [Fact]
    public async Task Who_cannot_be_touched_is_touched_again()
    {
        ShardWorld world = new() { Refuses = true };
        world.Due[3] = world.Clock.Now;
        await world.EnterAsync(3);
        await world.RunAsync();
        Assert.Equal([3UL], world.Touched);
        world.Refuses = false;
        world.Time.Now += 1_000;
        await world.RunAsync();
        Assert.Equal([3UL, 3UL], world.Touched);
        world.Time.Now += 50_000;
        await world.RunAsync();
        Assert.Equal(2, world.Touched.Count);
    }

    [Fact]
    public async Task A_share_with_more_entries_than_are_read_at_once_misses_nobody()
    {
        ShardWorld world = new();
        for (ulong i = 0; i < 9_000; i++)
        {
            world.Due[3 + 16 * i] = world.Clock.Now;
        }

        await world.EnterAsync([.. world.Due.Keys]);
        await world.RunAsync();
        Assert.Equal(9_000, world.Touched.Distinct().Count());
    }

    private static async Task<StageChangeView[]> StageChangesAsync(ClusterWorld world)
    {
        try
        {
            return [.. (await world.RelationshipAsync())?.StageHistory ?? []];
        }
        catch (HostUnavailableException)
        {
            // Its silo is not known to be dead yet.
            return [];
        }
    }

    private sealed class TestEpochs : IEpochs
    {
        public IReadOnlyList<EpochRow> Known { get; set; } = [];

        public Task<IReadOnlyList<EpochRow>> ReadAsync(CancellationToken cancellation) => Task.FromResult(Known);
    }

    private sealed class TestShard : IExpiryShardGrain
    {
        public int Woken { get; private set; }

        public int Read { get; private set; }

        public bool Refuses { get; set; }

        public Task StartAsync()
        {
            Woken++;
            return Task.CompletedTask;
        }

        public Task EnteredAsync(ulong[]? keys)
        {
            Assert.Null(keys);
            Read += Refuses ? 0 : 1;
            return Refuses ? Task.FromException(new TimeoutException("The shard does not answer.")) : Task.CompletedTask;
        }

        public Task RunAsync() => Task.CompletedTask;
    }

    /// <summary>Share 3 over a store of its own.</summary>
    private sealed class ShardWorld
    {
        private long _epoch;
        private long _number;

        public ShardWorld()
        {
            Clock = new HostClock(Time);
            Store = new MemoryClusterStore(Time);
            Store.OpenCatalogue().WriteSetting("moved", [1], []);
            Shard = new ExpiryShard(3, Store, TouchAsync, Clock);
        }

        public ConformanceClock Time { get; } = new();

        public HostClock Clock { get; }

        public MemoryClusterStore Store { get; }

        public ExpiryShard Shard { get; }

        public Dictionary<ulong, long> Due { get; } = [];

        public List<ulong> Touched { get; } = [];

        public bool Refuses { get; set; }

        public Task RunAsync() => Shard.RunAsync(Cancelled);

        public async Task EnterAsync(params ulong[] keys)
        {
            _epoch = _epoch == 0 ? await Store.BeginEpochAsync("silo", Clock.Now, Cancelled) : _epoch;
            TurnRow[] rows = [.. keys.Select(key => new TurnRow(key, 1, 1, _epoch, ++_number, TurnKind.Turn, Clock.Now, (int)(Due[key] / HourMs), default))];
            Assert.Empty(await Store.AppendAsync(rows, Cancelled));
        }

        // Who is due has the entry removed, as a turn does it; the others wait on.
        private async Task<long?> TouchAsync(ulong key, long catalogueVersion)
        {
            Assert.Equal(1, catalogueVersion);
            Touched.Add(key);
            if (Refuses)
            {
                return null;
            }

            if (Due[key] > Clock.Now)
            {
                return Due[key];
            }

            Assert.Empty(await Store.AppendAsync([new TurnRow(key, 2, 2, _epoch, ++_number, TurnKind.Turn, Clock.Now, 0, default)], Cancelled));
            return long.MaxValue;
        }
    }
}
