using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Sandbox;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Sandbox;

public sealed class SandboxHostTests
{
    private readonly TestWorld _world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_has_the_live_catalogue_and_consumers_and_money_of_its_own()
    {
        await _world.OpenAsync(Brands.Simple(budget: "{ \"total\": \"1\", \"pacing\": \"asap\" }"));
        await using SandboxHost sandbox = await _world.Host.OpenSandboxAsync(new SandboxOptions(), Cancelled);
        Assert.Same(_world.Host.Catalogue, sandbox.Host.Catalogue);
        Assert.Single((await sandbox.Host.DecideAsync(_world.Command(), Cancelled)).Placements[0].Decisions);
        Assert.Null(await _world.Host.ReadConsumerAsync(TestWorld.Consumer, Cancelled));
        Assert.NotNull(await _world.ChooseAsync());
        await _world.PutAsync(Brands.Simple());
        Assert.Same(_world.Host.Catalogue, sandbox.Host.Catalogue);
    }

    [Fact]
    public async Task Its_clock_goes_with_the_live_one_and_ahead_and_time_passes_for_its_consumers()
    {
        await _world.OpenAsync();
        await using SandboxHost sandbox = await _world.Host.OpenSandboxAsync(new SandboxOptions(), Cancelled);
        EventResult[] results = await sandbox.Host.RecordAsync([_world.Event("e-1", EventType.Cart)], _world.Catalogue, Cancelled);
        Assert.Equal(EventStatus.Accepted, results[0].Status);
        Assert.Equal(DeeplinkStage.Perform, await StageAsync(sandbox));

        long advanced = await sandbox.AdvanceAsync(TimeSpan.FromDays(16), Cancelled);
        Assert.Equal(_world.Clock.Now + (long)TimeSpan.FromDays(16).TotalMilliseconds, advanced);
        _world.Clock.Now += 5_000;
        Assert.Equal(advanced + 5_000, sandbox.Host.Now);
        Assert.Equal(DeeplinkStage.None, await StageAsync(sandbox));
        foreach (TimeSpan by in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromDays(-1), TimeSpan.FromDays(4_000)])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => sandbox.AdvanceAsync(by, Cancelled).AsTask());
        }
    }

    [Fact]
    public async Task It_drops_its_oldest_consumers_rather_than_grow()
    {
        await _world.OpenAsync();
        await using SandboxHost sandbox = await _world.Host.OpenSandboxAsync(new SandboxOptions { MaxConsumers = 50 }, Cancelled);
        for (int i = 0; i < 200; i++)
        {
            await sandbox.Host.RecordAsync([_world.Event("e-1", consumer: $"c-{i}")], _world.Catalogue, Cancelled);
            if (i % 40 == 0)
            {
                await sandbox.AdvanceAsync(TimeSpan.FromMinutes(1), Cancelled);
            }
        }

        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(1), Cancelled);
        int left = 0;
        for (int i = 0; i < 200; i++)
        {
            bool there = await sandbox.Host.ReadConsumerAsync($"c-{i}", Cancelled) is not null;
            Assert.Equal(i >= 150, there);
            left += there ? 1 : 0;
        }

        Assert.Equal(50, left);
    }

    private static async Task<DeeplinkStage> StageAsync(SandboxHost sandbox)
    {
        ConsumerView? view = await sandbox.Host.ReadConsumerAsync(TestWorld.Consumer, Cancelled);
        return view!.Brands.Single().DeeplinkStage;
    }
}
