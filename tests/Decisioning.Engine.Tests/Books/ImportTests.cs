using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Books;

public sealed class ImportTests
{
    private readonly TestWorld _world = new();

    [Theory]
    [InlineData(400, 380, DeeplinkStage.Initial)]
    [InlineData(364, 363, DeeplinkStage.Numerous)]
    [InlineData(911, 950, DeeplinkStage.None)]
    public async Task History_builds_a_stage_and_books_nothing_but_that(int first, int second, DeeplinkStage stage)
    {
        await _world.OpenAsync();
        EventResult[] results = await _world.Host.ImportAsync(
            [Purchase("a", first), Purchase("b", second), new EventCommand { EventId = "bad", Type = EventType.View, ConsumerId = "x", Brand = "nobody", OccurredAt = 1 }],
            _world.Catalogue,
            TestContext.Current.CancellationToken);
        Assert.Equal([EventStatus.Accepted, EventStatus.Accepted, EventStatus.Rejected], results.Select(r => r.Status));
        for (int i = 0; i < 2; i++)
        {
            BrandPulse pulse = await _world.PulseAsync();
            Assert.Equal(new() { [stage] = 1 }, pulse.Held());
            Assert.Equal((0, 0, 0), (pulse.Spend.RevenueMicros, pulse.PurchaseIntentIndex.WeightMicros, pulse.Activity.Events));
            await _world.RecountAsync();
            await _world.CrashAsync();
        }

        Assert.Equal(EventStatus.Duplicate, (await _world.Host.ImportAsync([Purchase("a", first)], _world.Catalogue, TestContext.Current.CancellationToken))[0].Status);
    }

    [Fact]
    public async Task Imported_history_expires_like_any_other()
    {
        await _world.OpenAsync();
        await _world.Host.ImportAsync([Purchase("a", 364), Purchase("b", 363)], _world.Catalogue, TestContext.Current.CancellationToken);
        await _world.EvictAsync();
        await _world.PassAsync(Watching.DayMs - 1);
        Assert.Equal([DeeplinkStage.Numerous], (await _world.PulseAsync()).Held().Keys);
        await _world.PassAsync(1);
        Assert.Equal([DeeplinkStage.Initial], (await _world.PulseAsync()).Held().Keys);
        await _world.RecountAsync();
    }

    private EventCommand Purchase(string id, int daysAgo) => _world.Event(id, EventType.Purchase, at: _world.Clock.Now - daysAgo * Watching.DayMs);
}
