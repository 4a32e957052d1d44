using Decisioning.Cluster.Tests.Support;
using Decisioning.Conformance;

namespace Decisioning.Cluster.Tests.Hosting;

/// <summary>The conformance suite on one silo.</summary>
public sealed class OneSiloConformance : HostConformance
{
    protected override async Task<HostUnderTest> OpenAsync() => await ClusterWorld.OpenAsync();
}

/// <summary>The conformance suite on three silos: most consumers live on another silo than the one that is asked.</summary>
public sealed class ThreeSiloConformance : HostConformance
{
    protected override async Task<HostUnderTest> OpenAsync() => await ClusterWorld.OpenAsync(3);
}
