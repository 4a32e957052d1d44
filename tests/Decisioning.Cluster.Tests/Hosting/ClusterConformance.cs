using Decisioning.Cluster.Tests.Support;
using Decisioning.Conformance;

namespace Decisioning.Cluster.Tests.Hosting;

/// <summary>The conformance suite on one silo.</summary>
public sealed class OneSiloConformance : HostConformance
{
    protected override async Task<HostUnderTest> OpenAsync() => await ClusterWorld.OpenAsync();
}

/// <summary>The conformance suite on three silos: each call is made to another one, so that most consumers live elsewhere than where they are asked for.</summary>
public sealed class ThreeSiloConformance : HostConformance
{
    protected override async Task<HostUnderTest> OpenAsync() => (await ClusterWorld.OpenAsync(3)).Roam();
}
