using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Turns;

public sealed class ErasureTests
{
    private readonly TestWorld _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_erased_consumer_is_gone_from_memory_states_and_journal_and_others_are_not()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-0", EventType.Cart, "other"));
        DecisionRef decision = await LiveAsync();
        ErasureReceipt receipt = (await _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled))!;

        Assert.Equal((TestWorld.Consumer, _world.Clock.Now), (receipt.Consumer, receipt.ErasedAt));
        Assert.Equal([TestWorld.Brand], receipt.Brands);
        Assert.Equal(_world.Clock.Now + (long)TimeSpan.FromDays(31).TotalMilliseconds, receipt.TombstoneUntil);
        AssertNoTrace();
        Assert.Null(await _world.RelationshipAsync());
        Assert.NotNull(await _world.RelationshipAsync("other"));
        Assert.Null(await _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled));
        Assert.False(await _world.TrackAsync(decision, EventType.Click));
        Assert.Equal(EventStatus.Rejected, (await _world.RecordAsync(_world.Event("late")))[0].Status);

        await _world.CrashAsync();
        AssertNoTrace();
        Assert.False(await _world.TrackAsync(decision, EventType.Click));
        Assert.Null(await _world.RelationshipAsync());
    }

    [Fact]
    public async Task What_the_erased_consumer_cost_stays_spent()
    {
        await _world.OpenAsync();
        DecisionRef decision = await LiveAsync();
        Assert.True(await _world.TrackAsync(decision, EventType.Impression));
        await _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled);
        Assert.Equal(1, _world.Money().Spent);
        await _world.CrashAsync();
        Assert.Equal(1, _world.Money().Spent);
    }

    [Fact]
    public async Task A_consumer_who_comes_back_starts_anew()
    {
        await _world.OpenAsync();
        await LiveAsync();
        await _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled);
        _world.Clock.Now += 1_000;
        Assert.Equal(EventStatus.Accepted, (await _world.RecordAsync(_world.Event("e-1")))[0].Status);
        await _world.UpkeepAsync();
        await _world.CrashAsync();
        Assert.Equal(["view"], (await _world.RelationshipAsync())!.Behaviours.Keys);
        Assert.Equal(1u, _world.Log.ReadAfter(0).Last().Head.Sequence);
    }

    [Fact]
    public async Task Nobody_is_erased_who_was_never_seen()
    {
        await _world.OpenAsync();
        Assert.Null(await _world.Host.EraseConsumerAsync("nobody", Cancelled));
        Assert.Equal(0, _world.Log.Appended);
    }

    /// <summary>The machine stops right after each step of an erasure: the next start carries it through.</summary>
    [Theory]
    [InlineData("before the row goes")]
    [InlineData("before the checkpoint passes")]
    [InlineData("before the records are overwritten")]
    public async Task A_crash_half_way_does_not_bring_the_consumer_back(string when)
    {
        await _world.OpenAsync();
        await LiveAsync();
        await _world.UpkeepAsync();
        await _world.RecordAsync(_world.Event("after the checkpoint"));
        switch (when)
        {
            case "before the row goes":
                _world.Store.BeforeErase = Stop;
                break;
            case "before the checkpoint passes":
                _world.Store.BeforeWrite = _ => Stop();
                break;
            default:
                _world.Log.BeforeScrub = Stop;
                break;
        }

        await Assert.ThrowsAsync<IOException>(() => _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled).AsTask());
        _world.Store.BeforeErase = null;
        _world.Store.BeforeWrite = null;
        await _world.CrashAsync();
        AssertNoTrace();
        Assert.Null(await _world.RelationshipAsync());
        Assert.Empty(_world.Host.Rooms.Pending.All);

        static void Stop() => throw new IOException("power");
    }

    [Fact]
    public async Task An_erasure_that_is_nowhere_but_in_the_journal_stays_ahead_of_the_checkpoint()
    {
        await _world.OpenAsync();
        await LiveAsync();
        await _world.UpkeepAsync();
        long checkpoint = _world.Store.Checkpoint;
        _world.Store.BeforeSetting = name => throw new IOException(name);
        await Assert.ThrowsAsync<IOException>(() => _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled).AsTask());
        _world.Store.BeforeSetting = null;
        await _world.RecordAsync(_world.Event("e", consumer: "other"));
        await _world.UpkeepAsync();
        Assert.Equal(checkpoint, _world.Store.Checkpoint);
        await _world.CrashAsync();
        AssertNoTrace();
        Assert.Null(await _world.RelationshipAsync());
    }

    [Fact]
    public async Task Who_comes_back_between_the_steps_of_an_erasure_is_kept()
    {
        await _world.OpenAsync();
        await LiveAsync();
        await _world.UpkeepAsync();
        _world.Store.BeforeErase = () =>
        {
            _world.Clock.Now += 1_000;
            Assert.Equal(EventStatus.Accepted, _world.RecordAsync(_world.Event("again", EventType.Favorite)).Result[0].Status);
        };
        await _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled);
        _world.Store.BeforeErase = null;
        Assert.Equal(["favorite"], (await _world.RelationshipAsync())!.Behaviours.Keys);
        await _world.UpkeepAsync();
        await _world.CrashAsync();
        Assert.Equal(["favorite"], (await _world.RelationshipAsync())!.Behaviours.Keys);
    }

    [Fact]
    public async Task An_erasure_that_failed_is_carried_through_by_the_next_one()
    {
        await _world.OpenAsync();
        await LiveAsync();
        await _world.RecordAsync(_world.Event("e", consumer: "other"));
        _world.Store.BeforeErase = () => throw new StorageException("disk full");
        await Assert.ThrowsAsync<HostUnavailableException>(() => _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled).AsTask());
        Assert.Null(await _world.RelationshipAsync());
        _world.Store.BeforeErase = null;
        Assert.Null(await _world.Host.EraseConsumerAsync("nobody", Cancelled));
        AssertNoTrace();
        await _world.UpkeepAsync();
        Assert.Equal(_world.Log.DurablePosition, _world.Store.Checkpoint);
    }

    [Fact]
    public async Task A_tombstone_is_forgotten_when_its_time_is_over()
    {
        await _world.OpenAsync();
        await LiveAsync();
        await _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled);
        Assert.Single(_world.Store.ReadTombstones());
        _world.Clock.Now += (long)TimeSpan.FromDays(32).TotalMilliseconds;
        await _world.UpkeepAsync();
        Assert.Empty(_world.Store.ReadTombstones());
    }

    private async Task<DecisionRef> LiveAsync()
    {
        DecisionRef decision = (await _world.ChooseAsync())!;
        await _world.RecordAsync(_world.Event("e-1", EventType.Cart), _world.Event("e-2", EventType.Purchase));
        return decision;
    }

    private void AssertNoTrace()
    {
        byte[] id = Encoding.UTF8.GetBytes(TestWorld.Consumer);
        Assert.All(_world.Store.ReadAll(), row => Assert.True(row.Value.Span.IndexOf(id) < 0));
        Assert.All(_world.Log.ReadAfter(0), record => Assert.True(record.Payload.Span.IndexOf(id) < 0));
    }
}
