using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Tests.World;

public sealed class WorldHistoryTests
{
    private static readonly WorldShape Shape = new() { Brands = 5, Creatives = 8, Consumers = 10_000, Known = 10_000, Zipf = 1 };

    [Fact]
    public void Those_who_come_often_are_known_well()
    {
        WorldHistory history = new(Shape, 1);
        Assert.Equal(WorldHistory.MostEvents, history.Of(0).Length);
        Assert.Equal(2, history.Of(499).Length);
        Assert.Single(history.Of(9_999));
    }

    [Fact]
    public void The_same_seed_gives_the_same_histories()
    {
        Assert.Equal(new WorldHistory(Shape, 1).Of(3), new WorldHistory(Shape, 1).Of(3));
        Assert.NotEqual(new WorldHistory(Shape, 1).Of(3), new WorldHistory(Shape, 2).Of(3));
        Assert.NotEqual(new WorldHistory(Shape, 1).Of(3), new WorldHistory(Shape, 1).Of(4));
    }

    [Fact]
    public void Nothing_is_about_to_leave_a_window()
    {
        WorldHistory history = new(Shape, 1);
        PastEvent[] events = [.. Enumerable.Range(0, Shape.Known).SelectMany(history.Of)];
        Assert.All(events, e => Assert.InRange(e.Age, TimeSpan.FromDays(1), TimeSpan.FromDays(57)));
        Assert.DoesNotContain(events, e => e.Age > TimeSpan.FromDays(14) && e.Age < TimeSpan.FromDays(16));
        Assert.Equal(Enumerable.Range(0, Shape.Brands), events.Select(e => e.Brand).Distinct().Order());
    }

    [Fact]
    public void A_history_goes_from_old_to_new()
    {
        TimeSpan[] ages = [.. new WorldHistory(Shape, 1).Of(0).Select(e => e.Age)];
        Assert.Equal(ages.OrderDescending(), ages);
    }
}
