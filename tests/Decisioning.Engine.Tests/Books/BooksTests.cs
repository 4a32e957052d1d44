using System.Text.Json;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Books;

public sealed class BooksTests
{
    private readonly TestWorld _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Random events of many consumers while the clock runs: the pulse is what a plain recount of the events says, always.</summary>
    [Theory]
    [InlineData(1, 5_000, 20_000)]
    [InlineData(2, 50, 4_000)]
    public async Task The_pulse_is_a_recount_before_and_after_restart_crash_and_eviction(int seed, int consumers, int events)
    {
        await _world.OpenAsync();
        Random random = new(seed);
        StageOracle oracle = new();
        for (int done = 0; done < events; done += 50)
        {
            EventCommand[] batch = [.. Enumerable.Range(done, 50).Select(i => oracle.Any(_world, random, i, $"c-{random.Next(consumers)}"))];
            EventResult[] results = await _world.RecordAsync(batch);
            Assert.All(results, r => Assert.Equal(EventStatus.Accepted, r.Status));
            oracle.Take(batch);
            await _world.PassAsync(random.Next(4) == 0 ? random.NextInt64(Watching.DayMs / 2) : random.Next(60_000));
            switch (random.Next(events / 400))
            {
                case 0:
                    await _world.EvictAsync();
                    break;
                case 1:
                    await _world.CrashAsync();
                    await _world.PassAsync(0);
                    break;
                case 2:
                    await _world.Host.DisposeAsync();
                    await _world.ReopenAsync();
                    await _world.PassAsync(0);
                    break;
                case 3:
                    await AssertAsync(oracle);
                    break;
            }
        }

        await AssertAsync(oracle);
        string before = Figures(await _world.PulseAsync());
        await _world.CrashAsync();
        Assert.Equal(before, Figures(await _world.PulseAsync()));
        await AssertAsync(oracle);
    }

    /// <summary>Crashes anywhere, with a tail that was not durable: the books are those of the journal read once from its beginning.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nothing_counts_twice_or_never_whatever_the_crash(int seed)
    {
        await _world.OpenAsync(Brands.Simple(budget: "{ \"total\": \"2000\", \"daily\": \"400\", \"pacing\": \"asap\" }"));
        Random random = new(seed);
        RandomTurns turns = new(_world, random);
        int failed = 0;
        for (int step = 0; step < 1_200; step++)
        {
            await turns.StepAsync();
            if (random.Next(40) == 0)
            {
                await _world.PulseAsync();
            }

            if (random.Next(40) == 0)
            {
                // The disk refuses in the middle of a pass at times.
                _world.Store.BeforeWrite = random.Next(2) == 0 ? null : _ => throw new IOException("power");
                failed += await Record.ExceptionAsync(_world.UpkeepAsync) is null ? 0 : 1;
                _world.Store.BeforeWrite = null;
            }

            if (random.Next(100) == 0)
            {
                await _world.CrashAsync();
                Assert.Equal(await FromTheBeginningAsync(), Figures(await _world.PulseAsync()));
            }
        }

        Assert.True(failed > 3 && turns.Charged > 50, $"{failed} failed passes, {turns.Charged} charges");
        await _world.RecountAsync();
    }

    [Fact]
    public async Task An_erased_consumer_leaves_the_books_by_a_flow_also_after_a_crash()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart), _world.Event("b", EventType.Cart, "other"));
        await _world.Host.EraseConsumerAsync(TestWorld.Consumer, Cancelled);
        for (int i = 0; i < 2; i++)
        {
            BrandPulse pulse = await _world.PulseAsync();
            Assert.Equal(new() { [DeeplinkStage.Perform] = 1 }, pulse.Held());
            Assert.Equal(1, pulse.Flow(FlowEnd.Perform, FlowEnd.Erased));
            await _world.RecountAsync();
            await _world.CrashAsync();
        }
    }

    [Fact]
    public async Task A_pulse_is_the_same_object_until_something_changes_and_its_version_grows_over_restarts()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("a", EventType.Cart));
        _world.Clock.Now += 120_000;
        BrandPulse first = await _world.PulseAsync();
        Assert.Same(first, await _world.PulseAsync());
        _world.Clock.Now += 5_000;
        Assert.Same(first, await _world.PulseAsync());

        await _world.RecordAsync(_world.Event("b", EventType.Cart, "other"));
        Assert.Same(first, _world.Host.ReadPulse(TestWorld.Brand));
        BrandPulse second = await _world.PulseAsync();
        Assert.Equal(2, second.Deeplink[(int)DeeplinkStage.Perform]);
        Assert.True(second.Version > first.Version);
        _world.Clock.Now += 1;
        await _world.CrashAsync();
        Assert.True((await _world.PulseAsync()).Version > second.Version);
        Assert.Null(_world.Host.ReadPulse("nobody"));
    }

    private async Task AssertAsync(StageOracle oracle)
    {
        BrandPulse pulse = await _world.PulseAsync();
        Assert.Equal(oracle.At(_world.Clock.Now), pulse.Held());
        Assert.Equal(pulse.Deeplink, (await _world.RecountAsync()).Stages);
    }

    private async Task<string> FromTheBeginningAsync()
    {
        TestWorld alone = new() { Log = _world.Log.Crash() };
        alone.Clock.Now = _world.Clock.Now;
        foreach (var brand in _world.Store.ReadBrands())
        {
            alone.Store.WriteBrand(brand, []);
        }

        await alone.ReopenAsync();
        return Figures(await alone.PulseAsync());
    }

    private static string Figures(BrandPulse pulse) => string.Join('\n', typeof(BrandPulse).GetProperties()
        .Where(p => p.Name is not (nameof(BrandPulse.Version) or nameof(BrandPulse.AsOf)))
        .Select(p => $"{p.Name}: {JsonSerializer.Serialize(p.GetValue(pulse))}"));
}
