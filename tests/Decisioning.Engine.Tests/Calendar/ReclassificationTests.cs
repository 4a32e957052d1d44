using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Calendar;

public sealed class ReclassificationTests
{
    private static readonly string Short = Brands.Simple().Replace("\"rules\": {", "\"rules\": { \"windows\": { \"interest\": \"1d\" },", StringComparison.Ordinal);

    private readonly TestWorld _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changed_rules_reach_consumers_in_memory_and_on_disk_also_after_a_crash(bool crash)
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart, "stored"));
        await _world.EvictAsync();
        await _world.RecordAsync(_world.Event("b", EventType.Cart, "resident"));
        _world.Clock.Now += 2 * Watching.DayMs;
        await _world.RecordAsync(_world.Event("c", EventType.Cart, "fresh"), _world.Event("d", EventType.Purchase, "buyer"));

        await _world.PutAsync(Short);
        BrandPulse pulse = await _world.PulseAsync();
        Assert.True(pulse.Reclassifying);
        Assert.Equal("2", pulse.RulesVersion);
        if (crash)
        {
            await _world.CrashAsync();
            Assert.True((await _world.PulseAsync()).Reclassifying);
        }

        await _world.Host.RunRulesAsync(Cancelled);
        pulse = await _world.PulseAsync();
        Assert.False(pulse.Reclassifying);
        Assert.Equal(new() { [DeeplinkStage.None] = 2, [DeeplinkStage.Perform] = 1, [DeeplinkStage.Initial] = 1 }, pulse.Held());
        await _world.RecountAsync();

        // The new end is in the calendar.
        await _world.PassAsync(Watching.DayMs);
        Assert.Equal(new() { [DeeplinkStage.None] = 3, [DeeplinkStage.Initial] = 1 }, (await _world.PulseAsync()).Held());
        await _world.CrashAsync();
        Assert.False((await _world.PulseAsync()).Reclassifying);
    }

    [Theory]
    [InlineData("event")]
    [InlineData("decision")]
    [InlineData("import")]
    public async Task A_request_that_was_read_before_the_change_brings_no_old_stage_back(string request)
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart));
        _world.Clock.Now += 2 * Watching.DayMs;
        DecideCommand asked = _world.Command();
        await _world.PutAsync(Short);
        await _world.Host.RunRulesAsync(Cancelled);
        Assert.Equal([DeeplinkStage.None], (await _world.PulseAsync()).Held().Keys);

        switch (request)
        {
            case "event":
                await _world.Host.RecordAsync([_world.Event("b", EventType.Unfollow)], asked.Catalogue, Cancelled);
                break;
            case "decision":
                await _world.Host.DecideAsync(asked, Cancelled);
                break;
            case "import":
                await _world.Host.ImportAsync([_world.Event("b", EventType.Unfollow)], asked.Catalogue, Cancelled);
                break;
        }

        Assert.Equal([DeeplinkStage.None], (await _world.PulseAsync()).Held().Keys);
        await _world.RecountAsync();
        await _world.PassAsync(20 * Watching.DayMs);
        await _world.RecountAsync();
    }

    [Fact]
    public async Task A_pass_that_could_not_be_noted_is_made_again()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart));
        await _world.PutAsync(Short);
        bool once = false;
        _world.Store.BeforeSetting = name =>
        {
            // The pass is over and about to say so.
            if (name == PendingRules.Setting && !once)
            {
                once = true;
                throw new IOException("power");
            }
        };
        await Assert.ThrowsAsync<IOException>(() => _world.Host.RunRulesAsync(Cancelled));
        Assert.True((await _world.PulseAsync()).Reclassifying);
        await _world.Host.RunRulesAsync(Cancelled);
        Assert.False((await _world.PulseAsync()).Reclassifying);
    }

    [Fact]
    public async Task What_does_not_touch_stages_does_not_reclassify_and_a_brand_that_comes_back_does()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart));
        await _world.PutAsync(Brands.Simple(reserve: "5m"));
        Assert.False((await _world.PulseAsync()).Reclassifying);

        await _world.Host.DeleteBrandAsync(TestWorld.Brand, null, "test", Cancelled);
        Assert.Null(_world.Host.ReadPulse(TestWorld.Brand));
        Assert.Null(await _world.Host.RecountAsync(TestWorld.Brand, Cancelled));
        await _world.PassAsync(20 * Watching.DayMs);
        await _world.PutAsync(Brands.Simple());
        Assert.True((await _world.PulseAsync()).Reclassifying);
        await _world.Host.RunRulesAsync(Cancelled);
        Assert.Equal([DeeplinkStage.None], (await _world.PulseAsync()).Held().Keys);
        await _world.RecountAsync();
    }
}
