using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Calendar;

/// <summary>Time changes stages by itself, whether the consumer is in memory, on disk, or the host was down.</summary>
public sealed class ExpiryTests
{
    private const long Window = 15 * Watching.DayMs;

    private readonly TestWorld _world = new();

    [Theory]
    [InlineData("in memory")]
    [InlineData("on disk")]
    [InlineData("host down")]
    public async Task A_stage_ends_at_the_exact_instant_wherever_the_consumer_is(string where)
    {
        await _world.OpenAsync();
        long carted = _world.Clock.Now;
        await _world.RecordAsync(_world.Event("e-1", EventType.Cart));
        switch (where)
        {
            case "on disk":
                await _world.EvictAsync();
                break;
            case "host down":
                await _world.CrashAsync();
                break;
        }

        await _world.PassAsync(Window - 1);
        Assert.Equal(1, (await _world.PulseAsync()).Held()[DeeplinkStage.Perform]);
        if (where == "on disk")
        {
            await _world.EvictAsync();
        }

        await _world.PassAsync(1 + (where == "host down" ? 40 * Watching.DayMs : 0));
        Assert.Equal([DeeplinkStage.None], (await _world.PulseAsync()).Held().Keys);
        Assert.Equal(new StageChangeView(carted + Window, DeeplinkStage.Perform, DeeplinkStage.None), (await _world.RelationshipAsync())!.StageHistory[^1]);
        await _world.RecountAsync();
    }

    [Fact]
    public async Task What_fell_due_while_the_host_was_down_is_published_in_steps_with_its_instants()
    {
        await _world.OpenAsync();
        long start = _world.Clock.Now;
        await _world.RecordAsync(_world.Event("e-1", EventType.Purchase));
        _world.Clock.Now += 2 * Watching.DayMs;
        await _world.RecordAsync(_world.Event("e-2", EventType.Purchase));
        await _world.UpkeepAsync();

        _world.Clock.Now += 1_000 * Watching.DayMs;
        await _world.CrashAsync();
        await _world.PassAsync(0);

        IReadOnlyList<StageChangeView> history = (await _world.RelationshipAsync())!.StageHistory;
        Assert.Equal(
            [
                new(start + 365 * Watching.DayMs, DeeplinkStage.Numerous, DeeplinkStage.Initial),
                new(start + 912 * Watching.DayMs, DeeplinkStage.Initial, DeeplinkStage.None),
            ],
            history.Skip(2));
        BrandPulse pulse = await _world.PulseAsync();
        Assert.Equal((1, 1), (pulse.Flow(FlowEnd.Numerous, FlowEnd.Initial), pulse.Flow(FlowEnd.Initial, FlowEnd.None)));
        await _world.RecountAsync();
    }

    [Fact]
    public async Task New_evidence_puts_the_end_off_and_withdrawn_evidence_brings_it_forward()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1", EventType.Cart), _world.Event("f-1", EventType.Cart, "other"));
        await _world.PassAsync(Window - 60_000);
        await _world.RecordAsync(_world.Event("e-2", EventType.Cart));
        await _world.PassAsync(60_000);
        Assert.Equal(new() { [DeeplinkStage.Perform] = 1, [DeeplinkStage.None] = 1 }, (await _world.PulseAsync()).Held());
        await _world.PassAsync(Window - 60_000 - 1);
        Assert.Equal(1, (await _world.PulseAsync()).Held()[DeeplinkStage.Perform]);
        await _world.PassAsync(1);
        Assert.Equal(new() { [DeeplinkStage.None] = 2 }, (await _world.PulseAsync()).Held());
    }

    [Fact]
    public async Task An_end_within_an_hour_that_is_loaded_already_is_not_missed()
    {
        await _world.OpenAsync(Brands.Simple().Replace("\"rules\": {", "\"rules\": { \"windows\": { \"interest\": \"10m\", \"awareness\": \"10m\" },", StringComparison.Ordinal));
        await _world.PassAsync(0);
        await _world.RecordAsync(_world.Event("e-1", EventType.Cart));
        await _world.PassAsync(600_000 - 1);
        Assert.Equal(1, (await _world.PulseAsync()).Held()[DeeplinkStage.Perform]);

        // Later evidence, and again earlier than what the heap knows: one that ends first.
        await _world.RecordAsync(_world.Event("e-2", EventType.Cart));
        await _world.PassAsync(600_000 - 1);
        Assert.Equal(1, (await _world.PulseAsync()).Held()[DeeplinkStage.Perform]);
        await _world.PassAsync(1);
        Assert.Equal([DeeplinkStage.None], (await _world.PulseAsync()).Held().Keys);
    }

    [Fact]
    public async Task There_is_one_entry_a_consumer_on_disk_and_none_for_nobody()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1", EventType.Purchase), _world.Event("f-1", EventType.Cart, "other"));
        await _world.UpkeepAsync();
        Assert.Equal(2, Entries().Count);
        await _world.RecordAsync(_world.Event("e-2", EventType.Cart), _world.Event("e-3", EventType.Purchase));
        await _world.UpkeepAsync();
        Assert.Equal(2, Entries().Count);

        await _world.PassAsync(Window + Watching.HourMs);
        await _world.UpkeepAsync();
        CalendarRow left = Assert.Single(Entries());
        Assert.True(left.Hour * Watching.HourMs > _world.Clock.Now);

        await _world.Host.EraseConsumerAsync(TestWorld.Consumer, TestContext.Current.CancellationToken);
        Assert.Empty(Entries());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entries_of_nobody_and_of_those_entered_elsewhere_go_when_their_hour_comes(bool onDisk)
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1", EventType.Cart), _world.Event("f-1", EventType.Cart, "erased"));
        await _world.UpkeepAsync();
        await _world.Host.EraseConsumerAsync("erased", TestContext.Current.CancellationToken);
        CalendarRow right = Assert.Single(Entries());
        int soon = (int)(_world.Clock.Now / Watching.HourMs) + 2;
        _world.Store.Write([], null, null, [new(right.Key, 0, soon), new(77, 0, soon), new(78, 0, soon + 5)]);
        if (onDisk)
        {
            await _world.EvictAsync();
        }

        await _world.PassAsync(0);
        Assert.Equal(4, Entries().Count);
        await _world.PassAsync(2 * Watching.HourMs);
        Assert.Equal([new(soon + 5, 78), right], Entries());
        await _world.PassAsync(Window);
        Assert.Equal([DeeplinkStage.None], (await _world.PulseAsync()).Held().Keys);
        await _world.UpkeepAsync();
        Assert.Empty(Entries());
    }

    [Fact]
    public async Task What_time_changes_leaves_room_for_requests_while_the_disk_is_behind()
    {
        TestWorld world = new() { Options = _world.Options with { MaxDirtyConsumers = 20 } };
        await world.OpenAsync();
        for (int i = 0; i < 19; i++)
        {
            await world.RecordAsync(world.Event("e-1", EventType.Cart, $"c-{i}"));
        }

        await world.EvictAsync();
        world.Store.BeforeWrite = static _ => throw new StorageException("The disk is full.");
        await Assert.ThrowsAsync<HostUnavailableException>(() => world.PassAsync(Window));
        Assert.InRange(world.Host.DirtyConsumers, 10, 11);
        await world.DecideAsync("another");
        world.Store.BeforeWrite = null;
        await world.UpkeepAsync();
        await world.PassAsync(0);
        Assert.Equal(20, (await world.PulseAsync()).Held()[DeeplinkStage.None]);
    }

    [Fact]
    public async Task A_tick_with_nothing_due_reads_nothing()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1", EventType.Cart));
        await _world.EvictAsync();
        await _world.PassAsync(0);
        int reads = _world.Store.Reads;
        await _world.PassAsync(1_000);
        Assert.Equal(reads, _world.Store.Reads);
        Assert.Equal(0, _world.Host.ResidentConsumers);
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_is_told_and_holds_nobody_else_up()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1", EventType.Cart));
        await _world.EvictAsync();
        ulong broken = _world.Store.ReadAll().Single().Key;
        await _world.RecordAsync(_world.Event("f-1", EventType.Cart, "other"));
        _world.Store.Write([new(broken, new byte[64])], null, null);

        _world.Clock.Now += Window;
        await Assert.ThrowsAsync<InvalidDataException>(() => _world.Host.RunCalendarAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, (await _world.PulseAsync()).Held()[DeeplinkStage.None]);
    }

    private IReadOnlyList<CalendarRow> Entries() => _world.Store.ReadCalendar(int.MaxValue, default, 100);
}
