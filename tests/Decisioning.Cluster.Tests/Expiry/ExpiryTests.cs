using Decisioning.Cluster.Expiry;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Cluster.Tests.Watch;
using Decisioning.Conformance;
using Decisioning.Core.Catalogue;
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
