namespace Decisioning.Cluster.Tests;

public sealed class FirstTests
{
    [Fact]
    public void Orleans_is_there() => Assert.NotNull(typeof(Orleans.TestingHost.InProcessTestClusterBuilder));
}
