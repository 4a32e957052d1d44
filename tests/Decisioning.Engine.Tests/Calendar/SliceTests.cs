using Decisioning.Core.Catalogue;
using Decisioning.Engine.Background;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Calendar;

/// <summary>However much falls due at once, it is worked off in slices with room for turns between them.</summary>
public sealed class SliceTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_thousand_due_at_once_leave_room_for_decisions()
    {
        const int consumers = 20_000;
        TestWorld world = new() { Options = new() { DataFolder = "", Shards = 64, MaxResidentBytes = 256 << 20 } };
        await world.OpenAsync();
        for (int from = 0; from < consumers; from += 1_000)
        {
            await world.RecordAsync([.. Enumerable.Range(from, 1_000).Select(i => world.Event("e", EventType.Cart, $"c-{i}"))]);
        }

        await world.EvictAsync();
        world.Clock.Now += 15 * Watching.DayMs;
        int decided = 0;
        RestingTime time = new(() => decided += world.DecideAsync($"c-{decided}").IsCompletedSuccessfully ? 1 : 0);
        await world.Host.Rooms.Calendar.RunAsync(new Pace(time, 0.5), Cancelled);

        Assert.Equal(consumers, (await world.PulseAsync()).Deeplink[(int)DeeplinkStage.None]);
        Assert.InRange(decided, consumers / 64, consumers);
        Assert.Equal(TimeSpan.FromMilliseconds(2), time.Longest);
    }

    [Fact]
    public async Task A_pace_rests_as_long_as_its_share_says_and_not_before_a_slice_is_over()
    {
        RestingTime time = new(static () => { });
        Pace pace = new(time, 0.25);
        await pace.RestAsync(Cancelled);
        Assert.Equal(TimeSpan.Zero, time.Longest);
        await pace.RestAsync(Cancelled);
        Assert.Equal(TimeSpan.FromMilliseconds(6), time.Longest);
        await new Pace(time, 1).RestAsync(Cancelled);
        Assert.Equal(1, time.Rests);
    }
}
