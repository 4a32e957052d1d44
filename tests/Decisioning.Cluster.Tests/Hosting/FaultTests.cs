using Decisioning.Cluster.Money;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Cluster.Turns;
using Decisioning.Cluster.Turns.Wire;
using Decisioning.Conformance;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Turns;

namespace Decisioning.Cluster.Tests.Hosting;

/// <summary>What happens to others must not be seen in a consumer: nothing acknowledged is missing, nothing counts twice.</summary>
public sealed class FaultTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_turn_whose_row_is_lost_to_another_silo_is_run_again_on_what_that_one_wrote()
    {
        await using ClusterWorld world = await OpenAsync(1);
        await world.RecordAsync(world.Event("e-1"));
        await WriteElsewhereAsync(world);
        Assert.Equal(EventStatus.Accepted, (await world.RecordAsync(world.Event("e-2")))[0].Status);
        Assert.Equal(EventStatus.Duplicate, (await world.RecordAsync(world.Event("e-2")))[0].Status);
        RelationshipView view = (await world.RelationshipAsync())!;
        Assert.Equal((3L, 1L), (view.Behaviours["view"].Count, view.Behaviours["cart"].Count));
        StoredConsumer stored = (await world.Store.ReadConsumersAsync([world.KeyOf()], Cancelled))[0];
        long next = stored.Snapshot.Sequence + 1;
        foreach (TurnRow row in stored.Tail)
        {
            Assert.Equal(next, row.First);
            next = row.Last + 1;
        }
    }

    [Fact]
    public async Task An_answer_that_the_store_lost_changes_nothing()
    {
        await using ClusterWorld world = await OpenAsync(1);
        world.Store.DropAnswers(2);
        Assert.Equal(EventStatus.Accepted, (await world.RecordAsync(world.Event("e-1")))[0].Status);
        Assert.Equal(1, (await world.RelationshipAsync())!.Behaviours["view"].Count);
    }

    [Fact]
    public async Task While_the_store_is_down_calls_are_refused_and_then_go_on_with_nothing_lost()
    {
        await using ClusterWorld world = await OpenAsync(1);
        await world.RecordAsync(world.Event("e-1"));
        world.Store.FailAppends(int.MaxValue);
        Task<EventResult[]> waits = world.RecordAsync(world.Event("e-2")).AsTask();
        await UntilAsync(() => !world.Host.Health.Ready);
        HostUnavailableException refused = await Assert.ThrowsAsync<HostUnavailableException>(() => world.RecordAsync(world.Event("e-3")).AsTask());
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        await Assert.ThrowsAsync<HostUnavailableException>(() => world.DecideAsync().AsTask());
        Assert.False(waits.IsCompleted);
        world.Store.FailAppends(0);
        Assert.Equal(EventStatus.Accepted, Assert.Single(await waits).Status);
        await UntilAsync(() => world.Host.Health.Ready);
        Assert.Equal(EventStatus.Accepted, (await world.RecordAsync(world.Event("e-3")))[0].Status);
        await world.EvictAsync();
        Assert.Equal(3, (await world.RelationshipAsync())!.Behaviours["view"].Count);
    }

    [Fact]
    public async Task What_a_killed_silo_acknowledged_is_there_on_another()
    {
        await using ClusterWorld world = await OpenAsync(2);
        world.SpeakTo(1);
        for (int i = 0; i < 20; i++)
        {
            await world.RecordAsync(world.Event("e-1", EventType.Cart, $"c-{i}"));
        }

        Assert.Equal(1, await world.SiloOfAsync(world.KeyOf("c-0")));
        await world.KillAsync(1);
        world.SpeakTo(0);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(EventStatus.Duplicate, await RecordPatientlyAsync(world, world.Event("e-1", EventType.Cart, $"c-{i}")));
            Assert.Equal(1, (await world.RelationshipAsync($"c-{i}"))!.Behaviours["cart"].Count);
        }
    }

    [Fact]
    public async Task A_silo_that_stops_keeps_its_consumers_and_closes_its_epoch()
    {
        await using ClusterWorld world = await OpenAsync(2);
        world.SpeakTo(1);
        await world.DecideAsync();
        long epoch = world.ServiceOf<SiloLog>(1).Epoch;
        await world.StopAsync(1);
        world.SpeakTo(0);
        Assert.False((await world.Store.ReadEpochsAsync(Cancelled)).Single(e => e.Epoch == epoch).Open);
        Assert.Equal(1, (await world.Store.ReadConsumersAsync([world.KeyOf()], Cancelled))[0].Snapshot.Sequence);
        Assert.Single((await world.RelationshipAsync())!.Exposures);
    }

    [Fact]
    public async Task A_snapshot_is_kept_every_so_many_turns()
    {
        await using ClusterWorld world = await OpenAsync(1);
        for (int i = 0; i < 70; i++)
        {
            await world.RecordAsync(world.Event($"e-{i}"));
        }

        await world.ServiceOf<SnapshotWriter>(0).FlushAsync(Cancelled);
        Assert.Equal(ClusterBounds.SnapshotTurns, (await world.Store.ReadConsumersAsync([world.KeyOf()], Cancelled))[0].Snapshot.Sequence);
        await world.EvictAsync();
        Assert.Equal(70, (await world.RelationshipAsync())!.Behaviours["view"].Count);
    }

    [Fact]
    public async Task Two_consumers_of_one_key_are_kept_apart_and_the_second_is_found_when_the_first_is_erased()
    {
        await using ClusterWorld world = await OpenAsync(1);
        ulong key = world.KeyOf();
        ConsumerDesk desk = new(world.ServiceOf<IGrainFactory>(0), world.ServiceOf<NearConsumers>(0), TimeProvider.System);
        foreach (string consumer in (string[])["a", "b", "b"])
        {
            Assert.Equal(Outcome.Done, (await AskAsync(desk, key, consumer, world)).Outcome);
        }

        Assert.Equal("a", await IdAtAsync(world, key));
        Assert.Equal("b", await IdAtAsync(world, key + 1));
        await desk.AskAsync(key, Look("a"), static (grain, call) => grain.EraseAsync(call), Cancelled);
        world.Clock.Now += 1_000;
        EventResult[] again = (await AskAsync(desk, key, "b", world)).Results!;
        Assert.Equal(EventStatus.Duplicate, again[0].Status);
        await AskAsync(desk, key, "c", world);
        Assert.Equal("c", await IdAtAsync(world, key));
    }

    [Theory]
    [InlineData(typeof(SiloUnavailableException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task A_grain_that_is_not_reached_is_asked_again_and_at_last_refused(Type thrown)
    {
        await using ClusterWorld world = await OpenAsync(1);
        ConsumerDesk desk = new(world.ServiceOf<IGrainFactory>(0), world.ServiceOf<NearConsumers>(0), TimeProvider.System);
        int failures = 2, asked = 0;
        Assert.Equal(Outcome.Done, (await AskAsync()).Outcome);
        Assert.Equal(3, asked);
        (failures, asked) = (int.MaxValue, 0);
        await Assert.ThrowsAsync<HostUnavailableException>(() => AskAsync().AsTask());
        Assert.Equal(ClusterBounds.Attempts, asked);

        ValueTask<ConsumerAnswer> AskAsync() => desk.AskAsync(
            world.KeyOf(), Look("c"), (_, _) => ++asked > failures ? ValueTask.FromResult(new ConsumerAnswer()) : throw (Exception)Activator.CreateInstance(thrown)!, Cancelled);
    }

    [Fact]
    public async Task A_silo_whose_clock_is_off_does_not_start()
    {
        ConformanceClock theirs = new();
        MemoryClusterStore store = new(theirs);
        theirs.Now += 600;
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ClusterWorld.OpenAsync(store));
        Assert.Contains("Synchronize", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<ClusterWorld> OpenAsync(int silos)
    {
        ClusterWorld world = await ClusterWorld.OpenAsync(silos);
        await world.PutAsync(Documents.Simple());
        return world;
    }

    // A second activation of the consumer, as another silo that does not know of the first would have it.
    private static async Task WriteElsewhereAsync(ClusterWorld world)
    {
        SiloLog elsewhere = new(world.Store, new TakenRows(), new SnapshotWriter(world.Store), TimeProvider.System);
        await elsewhere.StartAsync("elsewhere", world.Clock.Now, Cancelled);
        ulong key = world.KeyOf();
        TurnScratch scratch = new(1);
        ConsumerTail.Load((await world.Store.ReadConsumersAsync([key], Cancelled))[0], scratch);
        scratch.Turn.Begin(key, world.Clock.Now, world.Host.Catalogue, world.ServiceOf<SiloMarket>(0), null);
        scratch.Turn.Record(world.Event("x-1", EventType.Cart));
        scratch.Turn.Record(world.Event("x-2"));
        LogEntry entry = new(key, scratch.Turn.State.Sequence, scratch.Turn.Now, scratch.Turn.CalendarMovedTo, null, Catalogue: 1, Dated: true);
        await elsewhere.WhenTakenAsync(elsewhere.Append(new Elsewhere(), entry, scratch.Turn.Payload)!, Cancelled);
        await elsewhere.StopAsync(Cancelled);
    }

    private static async Task<EventStatus> RecordPatientlyAsync(ClusterWorld world, EventCommand e)
    {
        while (true)
        {
            try
            {
                return (await world.RecordAsync(e))[0].Status;
            }
            catch (HostUnavailableException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            Cancelled.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static ConsumerCall Look(string consumer) =>
        new ConsumerCall { Consumer = System.Text.Encoding.UTF8.GetBytes(consumer) }.At<ConsumerCall>(Seat.Look);

    private static ValueTask<EventsAnswer> AskAsync(ConsumerDesk desk, ulong key, string consumer, ClusterWorld world) => desk.AskAsync(
        key, new EventsCall { Consumer = System.Text.Encoding.UTF8.GetBytes(consumer), Events = [world.Event("e-1", consumer: consumer)] },
        static (grain, call) => grain.RecordAsync(call), Cancelled);

    private static async Task<string> IdAtAsync(ClusterWorld world, ulong key)
    {
        await world.EvictAsync(key);
        StoredConsumer stored = (await world.Store.ReadConsumersAsync([key], Cancelled))[0];
        return System.Text.Encoding.UTF8.GetString(ConsumerCodec.IdOf(stored.Snapshot.State.Span));
    }

    private sealed class Elsewhere : IRowOwner
    {
        public bool IsLost => false;

        public void Taken(LogRow row)
        {
        }

        public void Lose()
        {
        }
    }
}
