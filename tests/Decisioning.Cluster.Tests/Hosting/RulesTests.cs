using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Conformance;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Cluster.Tests.Hosting;

public sealed class RulesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changed_rules_reach_every_consumer_in_memory_or_not(bool evicted)
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(2);
        await world.PutAsync(Documents.Simple());
        await world.RecordAsync(world.Event("e-1", EventType.Cart), world.Event("e-2", EventType.Purchase, "buyer"));
        world.Clock.Now += 2 * HostUnderTest.DayMs;
        if (evicted)
        {
            await world.EvictAsync();
        }

        await world.PutAsync(Documents.Simple().Replace("\"rules\": {", "\"rules\": { \"windows\": { \"interest\": \"1d\" },", StringComparison.Ordinal));
        await world.Store.WhenSettingAsync("rules.pending", static pending => pending is not { Length: > 0 }).WaitAsync(TestContext.Current.CancellationToken);

        StageChangeView last = (await world.RelationshipAsync())!.StageHistory[^1];
        Assert.Equal((DeeplinkStage.Perform, DeeplinkStage.None, world.Clock.Now), (last.From, last.To, last.At));
        Assert.Single((await world.RelationshipAsync("buyer"))!.StageHistory);
    }

    [Fact]
    public async Task Changed_rules_reach_a_consumer_whose_turn_waited_for_the_store_while_they_were_worked_off()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync();
        await world.PutAsync(Documents.Simple());
        EventCommand old = world.Event("e-1", EventType.Cart);
        world.Clock.Now += 2 * HostUnderTest.DayMs;
        Task<EventResult[]> waiting;
        using (HeldAppends held = world.Store.HoldAppends())
        {
            waiting = world.ImportAsync(old).AsTask();
            await held.Waiting;
            world.Clock.Now += HostUnderTest.DayMs / 24;
            await world.PutAsync(Documents.Simple().Replace("\"rules\": {", "\"rules\": { \"windows\": { \"interest\": \"1d\" },", StringComparison.Ordinal));
            await world.Store.WhenSettingAsync("rules.pending", static pending => pending is not { Length: > 0 }).WaitAsync(TestContext.Current.CancellationToken);
            Assert.False(waiting.IsCompleted);
        }

        Assert.Equal(EventStatus.Accepted, Assert.Single(await waiting).Status);
        StageChangeView last = (await world.RelationshipAsync())!.StageHistory[^1];
        Assert.Equal((DeeplinkStage.Perform, DeeplinkStage.None), (last.From, last.To));
    }
}
