using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Tests.Storage;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Durability;

public sealed class WriteBackTests
{
    // A step of the clock within a slice would count as work, and its rest never end.
    private static readonly EngineOptions Unrested = new() { DataFolder = "", Shards = 4, CalendarShare = 1, PassShare = 1 };

    private readonly TestWorld _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_written_before_the_journal_has_it()
    {
        await _world.OpenAsync();
        _world.Log.CommitsAtOnce = false;
        await _world.DecideAsync();
        Task pass = _world.UpkeepAsync();
        Assert.False(pass.IsCompleted);
        Assert.Equal(0, _world.Store.CountConsumers());
        _world.Log.Commit();
        await pass;
        Assert.Equal(1, _world.Store.CountConsumers());
        Assert.Equal(0, _world.Store.Checkpoint);
        await _world.UpkeepAsync();
        Assert.Equal(_world.Log.DurablePosition, _world.Store.Checkpoint);
    }

    [Fact]
    public async Task A_state_that_changes_while_it_is_written_stays_dirty_and_the_checkpoint_stays_behind_it()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1"));
        long first = _world.Log.DurablePosition;
        _world.Store.BeforeWrite = _ =>
        {
            _world.Store.BeforeWrite = null;
            Assert.True(_world.RecordAsync(_world.Event("e-2")).IsCompletedSuccessfully);
        };
        await _world.UpkeepAsync();
        Assert.Equal(first, _world.Store.Checkpoint);
        Assert.Equal(1, _world.Host.DirtyConsumers);
        SortedDictionary<ulong, string> now = _world.States();
        await _world.CrashAsync();
        Assert.Equal(1, _world.Host.RecoveredTurns);
        Assert.Equal(now, _world.States());
    }

    [Fact]
    public async Task A_turn_between_two_batches_of_a_pass_is_past_the_checkpoint_of_that_pass()
    {
        await _world.OpenAsync();
        for (int i = 0; i < 2_500; i++)
        {
            await _world.RecordAsync(_world.Event("e-1", consumer: $"c-{i}"));
        }

        List<int> batches = [];
        _world.Store.BeforeWrite = states =>
        {
            if (batches.Count == 0)
            {
                for (int i = 0; i < 2_500; i += 100)
                {
                    Assert.True(_world.RecordAsync(_world.Event("e-2", consumer: $"c-{i}")).IsCompletedSuccessfully);
                }
            }

            batches.Add(states);
        };
        await _world.UpkeepAsync();
        Assert.True(batches is [2_048, _, ..], string.Join(',', batches));
        _world.Store.BeforeWrite = null;
        SortedDictionary<ulong, string> before = _world.States();
        await _world.CrashAsync();
        Assert.Equal(before, _world.States());
    }

    [Fact]
    public async Task A_row_that_was_read_before_its_consumer_came_turned_and_left_again_is_read_anew()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1"));
        await _world.UpkeepAsync();
        _world.Host.Rooms.Residents.Sweep(8);
        _world.Store.AfterRead = () =>
        {
            _world.Store.AfterRead = null;
            Task.Run(async () =>
            {
                await _world.RecordAsync(_world.Event("e-2"));
                await _world.UpkeepAsync();
                _world.Host.Rooms.Residents.Sweep(8);
            }).Wait();
        };
        await _world.RecordAsync(_world.Event("e-3"));
        Assert.Equal(3, (await _world.RelationshipAsync())!.Behaviours["view"].Count);
        Assert.Equal([1u, 2u, 3u], _world.Log.ReadAfter(0).Select(r => r.Head.Sequence));
    }

    [Fact]
    public async Task A_store_that_refuses_loses_nothing_and_is_told_by_health()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1"));
        _world.Store.BeforeWrite = _ => throw new IOException("disk full");
        await Assert.ThrowsAsync<IOException>(_world.UpkeepAsync);
        Assert.Equal((1L, 0L), (_world.Host.DirtyConsumers, _world.Store.Checkpoint));
        Assert.Equal(new HostHealth(false, "disk full"), _world.Host.Health);
        _world.Store.BeforeWrite = null;
        await _world.UpkeepAsync();
        Assert.Equal(0, _world.Host.DirtyConsumers);
        Assert.True(_world.Host.Health.Ready);
        Assert.Equal(_world.Log.DurablePosition, _world.Store.Checkpoint);
    }

    [Fact]
    public async Task A_host_whose_journal_cannot_be_written_closes_all_the_same_and_writes_nothing_back()
    {
        await _world.OpenAsync();
        _world.Log.CommitsAtOnce = false;
        await _world.DecideAsync();
        _world.Host.Rooms.Upkeep.Rouse();
        await _world.Log.WaitedForAsync();
        _world.Log.Trouble = new IOException("no space left");
        await _world.Host.DisposeAsync().AsTask().WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0L, 0L), (_world.Store.CountConsumers(), _world.Store.Checkpoint));
    }

    [Fact]
    public async Task Too_many_changed_consumers_are_refused_until_they_are_written()
    {
        TestWorld world = new() { Options = new EngineOptions { DataFolder = "", Shards = 1, MaxDirtyConsumers = 10 } };
        await world.OpenAsync();
        TaskCompletionSource passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim hold = new();
        world.Store.BeforeWrite = _ => hold.Wait(TestContext.Current.CancellationToken);
        int taken = 0;
        await Assert.ThrowsAsync<HostUnavailableException>(async () =>
        {
            for (; ; taken++)
            {
                await world.RecordAsync(world.Event("e", consumer: $"c-{taken}"));
            }
        });
        Assert.Equal(10, taken);

        // It was roused at half of the bound, and goes on now.
        world.Store.BeforeWrite = _ => passed.TrySetResult();
        hold.Set();
        await world.UpkeepAsync();
        await world.RecordAsync(world.Event("e", consumer: "c-11"));
        Assert.Equal(1, world.Host.DirtyConsumers);
    }

    [Fact]
    public async Task A_pass_begins_before_its_time_after_so_many_turns()
    {
        SteppedClock time = new();
        (TestWorld world, Task<int> written) = await OpenWatchedAsync(time, Unrested with { WriteBackTurns = 10 });
        for (int i = 0; i < 9; i++)
        {
            await world.RecordAsync(world.Event($"e-{i}", at: Now(time)));
        }

        world.Host.RunBooks();
        world.Host.Rooms.Upkeep.WakeIfDue();
        Assert.Equal(9, world.Host.Rooms.WriteBack.TurnsSince);
        await world.RecordAsync(world.Event("e-9", consumer: "c-43", at: Now(time)));
        time.Advance(world.Options.BooksEvery);
        Assert.Equal(2, await written.WaitAsync(Cancelled));
        Assert.Equal(0, world.Host.Rooms.WriteBack.TurnsSince);
        await world.Host.DisposeAsync();
    }

    [Fact]
    public async Task A_pass_begins_before_its_time_where_a_quarter_of_the_consumers_that_may_be_dirty_are()
    {
        SteppedClock time = new();
        (TestWorld world, Task<int> written) = await OpenWatchedAsync(time, Unrested with { MaxDirtyConsumers = 20 });
        for (int i = 0; i < 5; i++)
        {
            await world.RecordAsync(world.Event("e", consumer: $"c-{i}", at: Now(time)));
        }

        time.Advance(world.Options.BooksEvery);
        Assert.Equal(5, await written.WaitAsync(Cancelled));
        await world.Host.DisposeAsync();
    }

    [Fact]
    public async Task What_the_store_refused_is_tried_again_ten_seconds_later()
    {
        SteppedClock time = new();
        TestWorld world = new() { Time = time, Options = Unrested };
        await world.OpenAsync();
        await world.RecordAsync(world.Event("e", at: Now(time)));
        TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously), written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Store.BeforeWrite = _ =>
        {
            world.Store.BeforeWrite = _ => written.TrySetResult();
            refused.SetResult();
            throw new IOException("disk full");
        };
        time.Advance(world.Options.WriteBackEvery);
        await refused.Task.WaitAsync(Cancelled);
        await time.ArmedAsync(static left => left == TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        await written.Task.WaitAsync(Cancelled);
        await world.Host.DisposeAsync();
    }

    [Fact]
    public async Task A_pass_writes_in_the_order_of_the_store()
    {
        TestWorld world = new() { Options = new EngineOptions { DataFolder = "", Shards = 16 } };
        await world.OpenAsync();
        for (int i = 0; i < 300; i++)
        {
            await world.RecordAsync(world.Event("e", consumer: $"c-{i}"));
        }

        // The store refuses what is not in its order.
        await world.UpkeepAsync();
        Assert.Equal(300, world.Store.CountConsumers());
    }

    [Fact]
    public async Task An_evicted_consumer_comes_back_as_it_was_and_what_is_dirty_is_not_evicted()
    {
        await _world.OpenAsync();
        for (int i = 0; i < 40; i++)
        {
            await _world.RecordAsync(_world.Event("e", consumer: $"c-{i}"));
        }

        _world.Host.Rooms.Residents.Sweep(8);
        Assert.Equal(40, _world.Host.ResidentConsumers);
        SortedDictionary<ulong, string> before = _world.States();
        await _world.UpkeepAsync();
        _world.Host.Rooms.Residents.Sweep(8);
        Assert.Equal(0, _world.Host.ResidentConsumers);
        Assert.Equal(before, _world.States());
        Assert.Equal(1, (await _world.RelationshipAsync("c-7"))!.Behaviours["view"].Count);
        await _world.RecordAsync(_world.Event("e", consumer: "c-7"), _world.Event("e2", consumer: "c-7"));
        Assert.Equal(2, (await _world.RelationshipAsync("c-7"))!.Behaviours["view"].Count);
        Assert.Equal(1, _world.Host.ResidentConsumers);
    }

    [Fact]
    public async Task Idle_consumers_leave_memory_and_busy_ones_stay()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e", consumer: "idle"), _world.Event("e", consumer: "busy"));
        for (int i = 0; i < 5; i++)
        {
            _world.Clock.Now += (long)_world.Options.IdleAfter.TotalMilliseconds;
            await _world.RecordAsync(_world.Event($"e-{i}", consumer: "busy"));
            await _world.UpkeepAsync();
        }

        Assert.Equal(1, _world.Host.ResidentConsumers);
        int reads = _world.Store.Reads;
        await _world.RecordAsync(_world.Event("more", consumer: "busy"));
        Assert.Equal(reads, _world.Store.Reads);
    }

    [Fact]
    public async Task Memory_stays_within_its_bound_under_more_consumers_than_fit()
    {
        TestWorld world = new() { Options = new EngineOptions { DataFolder = "", Shards = 4, MaxResidentBytes = 1 << 20 } };
        await world.OpenAsync();
        for (int i = 0; i < 8_000; i++)
        {
            await world.RecordAsync(world.Event("e", consumer: $"{i}-{new string('x', 100)}"));
            if (i % 100 == 0)
            {
                await world.UpkeepAsync();
            }

            Assert.True(world.Host.ResidentBytes <= (1 << 20) + (1 << 16) + (1 << 12));
        }

        await world.UpkeepAsync();
        Assert.Equal(8_000, world.Store.CountConsumers());
        Assert.Equal(1, (await world.RelationshipAsync($"17-{new string('x', 100)}"))!.Behaviours["view"].Count);
    }

    [Fact]
    public async Task A_thread_that_activates_while_others_turn_write_and_evict_never_brings_an_old_state_back()
    {
        await _world.OpenAsync();
        const int PerThread = 400;
        using CancellationTokenSource done = new();
        Task churn = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await _world.UpkeepAsync();
                _world.Host.Rooms.Residents.Sweep(8);
            }
        }, TestContext.Current.CancellationToken);
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (int i = 0; i < PerThread; i++)
            {
                Assert.Equal(Core.Consumers.EventStatus.Accepted, _world.RecordAsync(_world.Event($"e-{t}-{i}", consumer: $"c-{i % 3}")).Result[0].Status);
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        await done.CancelAsync();
        await churn;
        long views = 0;
        for (int i = 0; i < 3; i++)
        {
            views += (await _world.RelationshipAsync($"c-{i}"))!.Behaviours["view"].Count;
        }

        Assert.Equal(4 * PerThread, views);
        SortedDictionary<ulong, string> before = _world.States();
        await _world.CrashAsync();
        Assert.Equal(before, _world.States());
    }

    /// <summary>A world, and how many states the first batch has that it writes.</summary>
    private static async Task<(TestWorld World, Task<int> Written)> OpenWatchedAsync(SteppedClock time, EngineOptions options)
    {
        TestWorld world = new() { Time = time, Options = options };
        await world.OpenAsync();
        TaskCompletionSource<int> written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Store.BeforeWrite = states => written.TrySetResult(states);
        return (world, written.Task);
    }

    private static long Now(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();
}
