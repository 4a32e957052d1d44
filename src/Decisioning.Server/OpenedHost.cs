using Decisioning.Api;
using Decisioning.Core.Hosting;

namespace Decisioning.Server;

/// <summary>What a host is opened with.</summary>
/// <param name="DataFolder">An existing folder, the host's alone.</param>
/// <param name="Clock">The server's clock.</param>
public sealed record HostRequest(string DataFolder, TimeProvider Clock);

/// <summary>A host that is open, its sandbox, and what closes both.</summary>
public sealed record OpenedHost(IDecisionHost Host, ISandbox Sandbox, IAsyncDisposable Lifetime);

/// <summary>Opens the host that the server serves.</summary>
/// <exception cref="StartException">It cannot be opened.</exception>
public delegate ValueTask<OpenedHost> OpenHost(HostRequest request, CancellationToken cancellation);
