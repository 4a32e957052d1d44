using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Turns;

public sealed class RecordTests
{
    private readonly TestWorld _world = new();

    [Fact]
    public async Task A_batch_is_one_turn_a_consumer_and_its_results_stand_in_its_order()
    {
        await _world.OpenAsync();
        EventResult[] results = await _world.RecordAsync(
            _world.Event("e-1", EventType.Cart, "a"), _world.Event("e-2", EventType.View, "b"), _world.Event("e-1", EventType.Cart, "a"),
            _world.Event("e-3", EventType.View, null), _world.Event("e-4", EventType.View, "a"), _world.Event("e-5", EventType.View, new string('x', 129)),
            _world.Event("e-6", EventType.View, ""), _world.Event("e-7", EventType.View, new string('ä', 64)));

        Assert.Equal(["e-1", "e-2", "e-1", "e-3", "e-4", "e-5", "e-6", "e-7"], results.Select(r => r.EventId!));
        Assert.Equal(
            [
                EventStatus.Accepted, EventStatus.Accepted, EventStatus.Duplicate, EventStatus.Rejected, EventStatus.Accepted, EventStatus.Rejected,
                EventStatus.Rejected, EventStatus.Accepted,
            ],
            results.Select(r => r.Status));
        Assert.Equal([EventCodes.MissingField, EventCodes.BadId, EventCodes.BadId], results.Where(r => r.Status == EventStatus.Rejected).Select(r => r.Code));
        Assert.Equal(3, _world.Log.Appended);
        Assert.Equal([1u, 1u, 1u], _world.Log.ReadAfter(0).Select(r => r.Head.Sequence));
    }

    [Fact]
    public async Task An_answer_waits_for_the_disk_and_so_does_a_duplicate_of_what_is_not_there_yet()
    {
        await _world.OpenAsync();
        _world.Log.CommitsAtOnce = false;
        EventCommand e = _world.Event("e-1");
        ValueTask<EventResult[]> first = _world.RecordAsync(e);
        ValueTask<EventResult[]> again = _world.RecordAsync(e);
        Assert.False(first.IsCompleted);
        Assert.False(again.IsCompleted);
        Assert.Equal(2, _world.Log.Waiting);
        _world.Log.Commit();
        Assert.Equal(EventStatus.Accepted, Assert.Single(await first).Status);
        Assert.Equal(EventStatus.Duplicate, Assert.Single(await again).Status);
        Assert.True(_world.RecordAsync(_world.Event("x", consumer: null)).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task While_the_journal_has_no_room_nothing_is_done()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1"));
        SortedDictionary<ulong, string> before = _world.States();
        _world.Log.HasRoom = false;
        _world.Log.Trouble = new IOException("no space left");
        foreach (Func<Task> call in (Func<Task>[])[
            () => _world.DecideAsync().AsTask(), () => _world.DecideAsync(null).AsTask(), () => _world.RecordAsync(_world.Event("e-2")).AsTask(),
            () => _world.Host.EraseConsumerAsync(TestWorld.Consumer, TestContext.Current.CancellationToken).AsTask(),
            () => _world.TrackAsync(new DecisionRef(TestWorld.Consumer, 1, 1, 1, 1, 1, _world.Clock.Now, 0, PriceModel.None, 0), EventType.Click).AsTask()])
        {
            HostUnavailableException refused = await Assert.ThrowsAsync<HostUnavailableException>(call);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
            Assert.Contains("no space left", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, _world.States());
        Assert.Equal(1, _world.Log.Appended);
        Assert.False(_world.Host.Health.Ready);
        Assert.NotNull(await _world.RelationshipAsync());

        _world.Log.HasRoom = true;
        _world.Log.Trouble = null;
        Assert.Equal(EventStatus.Accepted, Assert.Single(await _world.RecordAsync(_world.Event("e-2"))).Status);
        Assert.True(_world.Host.Health.Ready);
    }

    [Fact]
    public async Task Each_kind_of_tracker_counts_once_and_is_answered_when_it_is_on_disk()
    {
        await _world.OpenAsync();
        DecisionRef decision = Assert.IsType<DecisionRef>(await _world.ChooseAsync());
        _world.Log.CommitsAtOnce = false;
        ValueTask<bool> first = _world.TrackAsync(decision, EventType.Impression);
        ValueTask<bool> again = _world.TrackAsync(decision, EventType.Impression);
        Assert.False(first.IsCompleted);
        Assert.False(again.IsCompleted);
        Assert.Equal(2, _world.Log.Appended);
        _world.Log.Commit();
        Assert.True(await first);
        Assert.True(await again);
        Assert.Equal((1, 1, 0), _world.Money());
        Assert.Equal(["impression"], Assert.Single((await _world.RelationshipAsync())!.Exposures).Interactions);
    }

    [Fact]
    public async Task A_contextual_decision_s_trackers_charge_once_and_make_no_consumer()
    {
        await _world.OpenAsync();
        DecisionRef first = Assert.IsType<DecisionRef>(await _world.ChooseAsync(null));
        DecisionRef second = Assert.IsType<DecisionRef>(await _world.ChooseAsync(null));
        Assert.NotEqual(first.Ordinal, second.Ordinal);
        Assert.Equal((0, 0, 2), _world.Money());
        for (int i = 0; i < 3; i++)
        {
            Assert.True(await _world.TrackAsync(first, EventType.Impression));
        }

        Assert.Equal((1, 1, 1), _world.Money());
        await _world.UpkeepAsync();
        await _world.CrashAsync();
        Assert.True(await _world.TrackAsync(first, EventType.Impression));
        Assert.Equal((1, 1, 1), _world.Money());
    }

    [Fact]
    public async Task Marks_of_old_contextual_decisions_leave_the_disk_and_consumers_stay()
    {
        await _world.OpenAsync();
        DecisionRef decision = Assert.IsType<DecisionRef>(await _world.ChooseAsync(null));
        await _world.TrackAsync(decision, EventType.Impression);
        await _world.RecordAsync(_world.Event("e-1"));
        await _world.UpkeepAsync();
        Assert.Equal(2, _world.Store.CountConsumers());
        _world.Clock.Now += (long)TimeSpan.FromDays(32).TotalMilliseconds;
        await _world.UpkeepAsync();
        Assert.Equal(1, _world.Store.CountConsumers());
        Assert.NotNull(await _world.RelationshipAsync());
    }

    [Fact]
    public async Task A_consumer_never_seen_is_not_there_also_after_a_look()
    {
        await _world.OpenAsync();
        Assert.Null(await _world.Host.ReadConsumerAsync("nobody", TestContext.Current.CancellationToken));
        Assert.Null(await _world.Host.ReadConsumerAsync(new string('x', 200), TestContext.Current.CancellationToken));
        Assert.Equal(0, _world.Host.ResidentConsumers);
    }

    [Fact]
    public async Task A_consumer_s_history_is_read_from_the_journal_newest_first()
    {
        await _world.OpenAsync();
        for (int i = 0; i < 70; i++)
        {
            await _world.DecideAsync();
            await _world.DecideAsync("other");
            _world.Clock.Now += 1_000;
        }

        RelationshipView view = (await _world.RelationshipAsync())!;
        Assert.Equal(32, view.Decisions.Count);
        Assert.Equal(Enumerable.Range(1, 32).Select(i => _world.Clock.Now - i * 1_000L), view.Decisions.Select(d => d.At));
    }
}
