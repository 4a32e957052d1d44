using System.Globalization;
using Decisioning.Crash;
using Decisioning.Tests.Common;

namespace Decisioning.Faults;

/// <summary>One place of the cluster: a silo at an address of its own, started again as often as it ends.</summary>
internal sealed class SiloSlot(string program, string folder, string connection) : IDisposable
{
    private ServerProcess? _process;

    public Uri Address { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Loopback.FreePort()}/"));

    public ServerProcess Process => _process ?? throw new InvalidOperationException("The silo was not started.");

    /// <summary>Starts a process and waits until it takes work.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        _process?.Dispose();
        _process = ServerProcess.StartAt(
            Address.GetLeftPart(UriPartial.Authority), program,
            [
                "--data", folder, "--no-demo", "--join", connection,
                "--silo-port", Loopback.FreePort().ToString(CultureInfo.InvariantCulture),
                "--gateway-port", Loopback.FreePort().ToString(CultureInfo.InvariantCulture),
            ]);
        await _process.WaitUntilReadyAsync(stop);
    }

    public void Dispose() => _process?.Dispose();
}
