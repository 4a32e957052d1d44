using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;

namespace Decisioning.Engine.Tests.Support;

/// <summary>What a test asks a host's watch side; beats do not come by themselves under a clock that stands still.</summary>
internal static class Watching
{
    public const long HourMs = 3_600_000;
    public const long DayMs = 24 * HourMs;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The pulse as of everything that is durable.</summary>
    public static async Task<BrandPulse> PulseAsync(this TestWorld world, string brand = TestWorld.Brand)
    {
        await world.Host.RunBooksAsync(Cancelled);
        return world.Host.ReadPulse(brand)!;
    }

    /// <summary>Moves the clock and publishes what has fallen due.</summary>
    public static Task PassAsync(this TestWorld world, long ms)
    {
        world.Clock.Now += ms;
        return world.Host.RunCalendarAsync(Cancelled);
    }

    /// <summary>Writes everybody back and takes everybody out of memory.</summary>
    public static async Task EvictAsync(this TestWorld world)
    {
        await world.UpkeepAsync();
        world.Host.Rooms.Residents.Sweep(2 * world.Options.Shards);
        Assert.Equal(0, world.Host.ResidentConsumers);
    }

    /// <summary>The recount, which found nothing wrong.</summary>
    public static async Task<RecountReport> RecountAsync(this TestWorld world, string brand = TestWorld.Brand)
    {
        RecountReport report = (await world.Host.RecountAsync(brand, Cancelled))!;
        Assert.Empty(report.Mismatches);
        return report;
    }

    /// <summary>Fine stages that anybody is in, with how many.</summary>
    public static Dictionary<DeeplinkStage, long> Held(this BrandPulse pulse) =>
        pulse.Deeplink.Index().Where(s => s.Item > 0).ToDictionary(s => (DeeplinkStage)s.Index, s => s.Item);

    public static long Flow(this BrandPulse pulse, FlowEnd from, FlowEnd to) => pulse.Flows.Where(f => f.From == from && f.To == to).Sum(f => f.Count);
}
