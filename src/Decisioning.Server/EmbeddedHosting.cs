using Decisioning.Api;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Decisioning.Engine.Sandbox;
using Decisioning.Engine.Storage;
using Decisioning.Server.Telemetry;

namespace Decisioning.Server;

/// <summary>Opens the embedded host and its sandbox for the server.</summary>
internal static class EmbeddedHosting
{
    public static ValueTask<OpenedHost> OpenAsync(HostRequest request, CancellationToken cancellation) =>
        OpenAsync(new EngineOptions { DataFolder = request.DataFolder }, request.Clock, cancellation);

    public static async ValueTask<OpenedHost> OpenAsync(EngineOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            EmbeddedHost host = await EmbeddedHost.OpenAsync(options, clock, cancellation);
            SandboxHost sandbox = await host.OpenSandboxAsync(new SandboxOptions(), cancellation);
            return new OpenedHost(host, new EngineSandbox(sandbox), host.SeedDemoAsync, new Lifetime(host, sandbox, new EmbeddedMeters(host))) { Watch = host };
        }
        catch (StorageException fault)
        {
            throw new StartException(fault.Message);
        }
    }

    private sealed class EngineSandbox(SandboxHost sandbox) : ISandbox
    {
        public IDecisionHost Host => sandbox.Host;

        public ValueTask<long> AdvanceAsync(TimeSpan by, CancellationToken cancellation) => sandbox.AdvanceAsync(by, cancellation);
    }

    private sealed class Lifetime(EmbeddedHost host, SandboxHost sandbox, EmbeddedMeters meters) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            meters.Dispose();
            await sandbox.DisposeAsync();
            await host.DisposeAsync();
        }
    }
}
