using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Decisioning.Tests.Common;

[assembly: AssemblyFixture(typeof(Decisioning.Cluster.Azure.Tests.Azurite))]

// The emulator does one thing at a time: silos must not take it for an account that is out of reach.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

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

    /// <summary>Where the bytes are in the tables of a prefix.</summary>
    public async Task<List<string>> FindAsync(string prefix, byte[] bytes)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        TableServiceClient service = new(await ConnectionStringAsync());
        List<string> found = [];
        await foreach (TableItem table in service.QueryAsync(cancellationToken: cancellation).Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            await foreach (TableEntity entity in service.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: cancellation))
            {
                found.AddRange(entity.Where(p => p.Value is byte[] value && value.AsSpan().IndexOf(bytes) >= 0).Select(p => $"{table.Name} {entity.RowKey} {p.Key}"));
            }
        }

        return found;
    }

    public async Task<bool> HoldsAsync(string prefix, byte[] bytes) => (await FindAsync(prefix, bytes)).Count > 0;

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

    private async Task<Uri> StartAsync()
    {
        string port = Loopback.FreePort().ToString(CultureInfo.InvariantCulture);
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
