using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Books;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Books;

public sealed class HistoryTests
{
    private readonly TestWorld _world = new();
    private readonly long _start;

    public HistoryTests()
    {
        _world.Clock.Now = TestClock.At("2026-11-05T00:00:00Z");
        _start = _world.Clock.Now;
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Series_are_the_same_from_memory_and_from_disk(bool restarted)
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart, "x"));
        await _world.PassAsync(2 * Watching.HourMs);
        await _world.RecordAsync(_world.Event("b", EventType.Cart, "y"), _world.Event("c", EventType.View, "z"));

        // Past the hours that are kept in memory.
        await _world.UpkeepAsync();
        await _world.PassAsync(5 * Watching.DayMs);
        await _world.RecordAsync(_world.Event("d", EventType.Cart, "z"));
        if (restarted)
        {
            await _world.UpkeepAsync();
            await _world.CrashAsync();
        }

        await _world.PulseAsync();
        Assert.Equal([(0, 1), (2, 2), (122, 1)], await HoursAsync("events", 0, 200));
        Assert.Equal([(0, 3), (120, 1)], await HoursAsync("events", 0, 200, byDay: true));
        (long, long)[] levels = await HoursAsync("deeplink.perform", 1, 4);
        Assert.Equal([(1, 1), (2, 2), (3, 2)], levels);
        Assert.Equal([(24, 2), (48, 2)], await HoursAsync("stage.interest", 24, 72, byDay: true));
        Assert.Equal((122, 3), (await HoursAsync("deeplink.perform", 100, 800))[^1]);
        Assert.Equal([(122, 1)], await HoursAsync("flow.awareness.interest", 0, 200));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_for_an_hour_that_has_left_memory_is_shown_with_what_is_stored_of_it(bool restarted)
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart, "x"));
        await _world.UpkeepAsync();
        await _world.PassAsync(5 * Watching.DayMs);
        await _world.RecordAsync(_world.Event("b", EventType.Cart, "y"));
        await _world.UpkeepAsync();

        // A machine whose clock was set back while the host was down.
        await _world.CrashAsync();
        _world.Clock.Now = _start + 60_000;
        await _world.ReopenAsync();
        await _world.RecordAsync(_world.Event("c", EventType.View, "z"));
        await _world.UpkeepAsync();
        if (restarted)
        {
            await _world.CrashAsync();
        }

        await _world.PulseAsync();
        Assert.Equal([(0, 2), (120, 1)], await HoursAsync("events", 0, 200));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_day_that_is_over_has_its_net_moves(bool restarted)
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e1", EventType.Cart, "stays"), _world.Event("e2", EventType.Cart, "rises"), _world.Event("e3", EventType.Cart, "lapses"));
        await _world.Host.RunPassAsync(Cancelled);

        // Fifteen days later their interest ends by itself, but for two who came back in time.
        await _world.PassAsync(14 * Watching.DayMs);
        await _world.RecordAsync(_world.Event("e4", EventType.Cart, "stays"), _world.Event("e5", EventType.Cart, "rises"));
        await _world.PassAsync(Watching.DayMs + Watching.HourMs);
        await _world.RecordAsync(_world.Event("e6", EventType.Purchase, "rises"), _world.Event("e7", EventType.Search, "new"));
        await _world.PulseAsync();

        // The day is known once it is over and a pass has been made.
        Assert.Empty(await HoursAsync("net.interest.purchase", 0, 17 * 24, byDay: true));
        await _world.PassAsync(Watching.DayMs);
        await _world.Host.RunPassAsync(Cancelled);
        if (restarted)
        {
            await _world.UpkeepAsync();
            await _world.CrashAsync();
        }

        List<string> moves = [];
        foreach (string from in Names.AllStages)
        {
            foreach (string to in Names.AllStages)
            {
                (long hour, long count) = Assert.Single(await HoursAsync($"net.{from}.{to}", 0, 17 * 24, byDay: true));
                Assert.Equal(15 * 24, hour);
                moves.AddRange(count > 0 ? [$"{from} {to} {count}"] : []);
            }
        }

        Assert.Equal(["none awareness 1", "interest none 1", "interest interest 1", "interest purchase 1"], moves);
    }

    [Fact]
    public async Task A_series_needs_a_metric_a_range_and_a_brand()
    {
        await _world.OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await HoursAsync("sales", 0, 1));
        await Assert.ThrowsAsync<ArgumentException>(async () => await HoursAsync("events", 1, 1));
        await Assert.ThrowsAsync<ArgumentException>(async () => await HoursAsync("events", 0, 801 * 24));
        Assert.Null(await _world.Host.ReadHistoryAsync("nobody", new SeriesQuery("events", 0, 1, false), Cancelled));
    }

    [Fact]
    public async Task Hours_are_kept_for_800_days()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart));
        await _world.UpkeepAsync();
        int first = (int)(_start / Watching.HourMs);
        await _world.PassAsync(800 * Watching.DayMs);
        await _world.UpkeepAsync();
        Assert.Contains(_world.Store.ReadHours(1, 0, int.MaxValue), h => h.Hour == first);
        await _world.PassAsync(Watching.HourMs);
        await _world.RecordAsync(_world.Event("b", EventType.Cart));
        await _world.UpkeepAsync();
        Assert.Equal(StoredBooks.KeptHours, _world.Store.ReadHours(1, 0, int.MaxValue)[^1].Hour - first - 1);
        Assert.DoesNotContain(_world.Store.ReadHours(1, 0, int.MaxValue), h => h.Hour == first);
    }

    private async Task<(long Hour, long Value)[]> HoursAsync(string metric, int from, int to, bool byDay = false)
    {
        SeriesQuery query = new(metric, _start + from * Watching.HourMs, _start + to * Watching.HourMs, byDay);
        Series series = (await _world.Host.ReadHistoryAsync(TestWorld.Brand, query, Cancelled))!;
        return [.. series.Points.Select(p => ((p.At - _start) / Watching.HourMs, p.Value))];
    }
}
