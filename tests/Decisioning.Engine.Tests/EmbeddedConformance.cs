using Decisioning.Conformance;
using Decisioning.Engine.Identity;

namespace Decisioning.Engine.Tests;

/// <summary>The conformance suite on the embedded host.</summary>
public sealed class EmbeddedConformance : HostConformance
{
    protected override async Task<HostUnderTest> OpenAsync() => await EmbeddedUnderTest.OpenAsync(EngineSecret.CreateBytes());
}
