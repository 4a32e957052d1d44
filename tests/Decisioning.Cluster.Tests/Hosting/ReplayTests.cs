using Decisioning.Cluster.Tests.Support;
using Decisioning.Conformance;
using Decisioning.Engine.Identity;

namespace Decisioning.Cluster.Tests.Hosting;

public sealed class ReplayTests
{
    [Fact]
    public async Task A_cluster_comes_to_the_same_as_one_process()
    {
        byte[] secret = EngineSecret.CreateBytes();
        await using EmbeddedUnderTest embedded = await EmbeddedUnderTest.OpenAsync(secret);
        await using ClusterWorld cluster = (await ClusterWorld.OpenAsync(2, secret)).Roam();
        List<string>[] told = new List<string>[2];
        foreach ((int i, HostUnderTest host) in ((HostUnderTest[])[embedded, cluster]).Index())
        {
            await host.PutAsync(Documents.Simple("[ { \"max\": 3, \"per\": \"1h\" } ]"));
            told[i] = await SeededLog.PlayAsync(host, new Random(7), 400);
        }

        Assert.Equal(told[0], told[1]);
        await cluster.EvictAsync();
        Assert.Equal(told[1][^1], System.Text.Json.JsonSerializer.Serialize(await cluster.Host.ReadConsumerAsync("c-11", TestContext.Current.CancellationToken)));
    }
}
