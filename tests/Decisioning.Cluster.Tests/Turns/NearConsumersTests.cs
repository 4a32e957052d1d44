using System.Text;
using System.Threading.Channels;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Turns;
using Decisioning.Cluster.Turns.Wire;
using Decisioning.Conformance;
using Decisioning.Core.Consumers;

namespace Decisioning.Cluster.Tests.Turns;

/// <summary>Calls past Orleans to a grain of the same silo, beside those that come by message.</summary>
public sealed class NearConsumersTests
{
    private const int Callers = 8;
    private const int EventsOfEach = 250;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_past_Orleans_and_by_message_run_one_turn_at_a_time()
    {
        await using ClusterWorld world = await OpenAsync();
        await world.RecordAsync(world.Event("first"));
        Assert.NotNull(world.ServiceOf<NearConsumers>(0).Find(world.KeyOf()));
        IConsumerGrain byMessage = world.GrainOf(world.KeyOf());
        long version = world.ServiceOf<Cluster.Catalogue.ClusterCatalogue>(0).Version;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                for (int i = 0; i < EventsOfEach; i++)
                {
                    EventCommand told = world.Event($"e-{caller}-{i}");
                    EventResult[] results = caller % 2 == 0
                        ? await world.RecordAsync(told)
                        : (await byMessage.RecordAsync(new EventsCall { Events = [told], Consumer = Encoding.UTF8.GetBytes(HostUnderTest.Consumer), CatalogueVersion = version })).Results!;
                    Assert.Equal(EventStatus.Accepted, Assert.Single(results).Status);
                }
            },
            Cancelled)));

        await CheckAsync(world);
    }

    [Fact]
    public async Task A_grain_that_is_taken_out_of_memory_while_it_is_called_loses_nothing()
    {
        await using ClusterWorld world = await OpenAsync();
        await world.RecordAsync(world.Event("first"));
        Channel<int> rounds = Channel.CreateBounded<int>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        int answers = 0;
        Task calls = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                for (int i = 0; i < EventsOfEach; i++)
                {
                    Assert.Equal(EventStatus.Accepted, Assert.Single(await world.RecordAsync(world.Event($"e-{caller}-{i}"))).Status);
                    if (Interlocked.Increment(ref answers) % Callers == 0)
                    {
                        rounds.Writer.TryWrite(0);
                    }
                }
            },
            Cancelled)));

        // Calls are answered between two evictions: where none is, every attempt of one call can meet a grain that leaves, and it is refused for now.
        int evictions = 0;
        for (; !calls.IsCompleted; evictions++)
        {
            await Task.WhenAny(calls, rounds.Reader.WaitToReadAsync(Cancelled).AsTask());
            rounds.Reader.TryRead(out _);
            await world.EvictAsync(world.KeyOf());
        }

        await calls;
        Assert.True(evictions > 1, "The calls were over before the grain had left.");
        await CheckAsync(world);
    }

    [Fact]
    public async Task Orleans_hears_of_a_grain_now_and_then_so_that_it_is_not_taken_for_idle()
    {
        await using ClusterWorld world = await OpenAsync();
        NearConsumers near = world.ServiceOf<NearConsumers>(0);
        ulong key = world.KeyOf();
        Assert.Null(near.Find(key));
        await world.RecordAsync(world.Event("e-1"));
        Assert.Equal(1, near.Count);
        IConsumerGrain grain = near.Find(key)!;
        world.Clock.Now += (long)(world.ServiceOf<DecisioningOptions>(0).IdleAfter / 4).TotalMilliseconds - 1;
        Assert.Same(grain, near.Find(key));
        world.Clock.Now++;
        Assert.Null(near.Find(key));
        Assert.Same(grain, near.Find(key));
        await world.EvictAsync();
        Assert.Null(near.Find(key));
        Assert.Equal(0, near.Count);
    }

    [Fact]
    public async Task Who_found_a_grain_before_it_left_is_told_to_ask_again()
    {
        await using ClusterWorld world = await OpenAsync();
        await world.RecordAsync(world.Event("e-1"));
        IConsumerGrain grain = world.ServiceOf<NearConsumers>(0).Find(world.KeyOf())!;
        EventsCall call = new() { Events = [world.Event("e-2")], Consumer = Encoding.UTF8.GetBytes(HostUnderTest.Consumer) };
        await world.EvictAsync();
        Assert.Equal(Outcome.Lost, (await grain.RecordAsync(call)).Outcome);
        Assert.Equal(Outcome.Lost, (await grain.ReadAsync(call)).Outcome);
        Assert.Equal(1, (await world.RelationshipAsync())!.Behaviours["view"].Count);
    }

    private static async Task<ClusterWorld> OpenAsync()
    {
        ClusterWorld world = await ClusterWorld.OpenAsync();
        await world.PutAsync(Documents.Simple());
        return world;
    }

    /// <summary>Every event counts, in memory and by the store's rows, whose turns follow each other without a gap.</summary>
    private static async Task CheckAsync(ClusterWorld world)
    {
        Assert.Equal(Callers * EventsOfEach + 1, (await world.RelationshipAsync())!.Behaviours["view"].Count);
        await world.EvictAsync();
        Assert.Equal(Callers * EventsOfEach + 1, (await world.RelationshipAsync())!.Behaviours["view"].Count);
        StoredConsumer stored = (await world.Store.ReadConsumersAsync([world.KeyOf()], Cancelled))[0];
        Assert.Equal(Callers * EventsOfEach + 1, stored.Tail.Aggregate(stored.Snapshot.Sequence, static (sequence, row) => row.First == sequence + 1 ? row.Last : -1));
    }
}
