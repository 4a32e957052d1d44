using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;

[assembly: AssemblyFixture(typeof(Decisioning.Cluster.Azure.Tests.Azurite))]

namespace Decisioning.Cluster.Azure.Tests;

/// <summary>
/// One emulator of Azure's tables for all tests, in memory, on a free port of this machine, begun by the first that asks for a place; where it is not installed those
/// tests are skipped by name, or fail where everything is required.
/// </summary>
public sealed class Azurite : IAsyncLifetime
{
    /// <summary>The emulator's own account, which is the same everywhere.</summary>
    public const string Account = "devstoreaccount1";

    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string RequireAll = "DECISIONING_REQUIRE_ALL";
    private const string HowToGetIt = "Azurite is missing: npm ci --prefix tests/Decisioning.Cluster.Azure.Tests";

    private static readonly string? Program = FindProgram();

    private readonly Lazy<Task<Uri>> _started;
    private Process? _process;
    private int _prefixes;

    public Azurite() => _started = new(StartAsync);

    public async Task<string> ConnectionStringAsync()
    {
        Assert.True(Program is not null || Environment.GetEnvironmentVariable(RequireAll) != "1", HowToGetIt);
        Assert.SkipWhen(Program is null, HowToGetIt);
        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};TableEndpoint={await _started.Value}{Account};";
    }

    public async Task<TableServiceClient> ConnectAsync() => new(await ConnectionStringAsync());

    /// <summary>What nobody else's tables begin with.</summary>
    public string NewPrefix() => $"test{Interlocked.Increment(ref _prefixes)}x";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private static string? FindProgram()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string program = Path.Combine(folder.FullName, "node_modules", "azurite", "dist", "src", "table", "main.js");
            if (File.Exists(program))
            {
                return program;
            }
        }

        return null;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<Uri> StartAsync()
    {
        string port = FreePort().ToString(CultureInfo.InvariantCulture);
        string[] line = [Program!, "--tablePort", port, "--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry"];
        _process = new Process { StartInfo = new("node", line) { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() } };
        TaskCompletionSource<Uri> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, said) =>
        {
            if (said.Data?.Contains("successfully started", StringComparison.Ordinal) is true)
            {
                started.TrySetResult(new Uri($"http://127.0.0.1:{port}/"));
            }
            else if (said.Data is null)
            {
                started.TrySetException(new InvalidOperationException("Azurite ended."));
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        return await started.Task;
    }
}
