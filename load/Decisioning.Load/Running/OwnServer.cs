using System.Globalization;

namespace Decisioning.Load.Running;

/// <summary>An embedded server of the generator's own, in a process and a folder of its own, both gone afterwards.</summary>
internal sealed class OwnServer : IAsyncDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";
    private const string Listening = "Decisioning is listening on ";

    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly bool _pinned;
    private ServerProcess _process;

    private OwnServer(string folder, bool pinned, IReadOnlyDictionary<string, string> variables, ServerProcess process) =>
        (Folder, _pinned, _variables, _process, Url) = (folder, pinned, variables, process, AddressOf(process));

    public string Url { get; }

    /// <summary>Its data.</summary>
    public string Folder { get; }

    /// <summary>Its process' id.</summary>
    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has used of the processor, in seconds of one core.</summary>
    public double CpuSeconds => _process.Cpu.TotalSeconds;

    /// <summary>The last lines that it wrote.</summary>
    public string Said => _process.Said;

    /// <summary>The command that starts a server.</summary>
    /// <param name="folder">Its data.</param>
    /// <param name="url">Where it listens; port 0 is a free one.</param>
    /// <exception cref="LoadFailureException">It was not built.</exception>
    public static string[] Command(string folder, string url = AnyPort) =>
        ["dotnet", ServerProcess.Built("src/Decisioning.Server"), "--urls", url, "--data", folder, "--no-demo"];

    /// <summary>Whether the server says with that line that it listens.</summary>
    public static bool IsReady(string line) => line.StartsWith(Listening, StringComparison.Ordinal);

    /// <summary>Where a server listens that has said so.</summary>
    public static string AddressOf(ServerProcess server) => server.ReadyLine[Listening.Length..];

    /// <summary>Starts one, on a free port of the loopback.</summary>
    /// <param name="heap">What its heap may take at most, megabytes; null: the machine's memory.</param>
    /// <param name="pinned">It runs on the servers' core.</param>
    /// <exception cref="LoadFailureException">It does not get ready.</exception>
    public static async Task<OwnServer> StartAsync(int? heap, bool pinned, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("decisioning-load-").FullName;
        IReadOnlyDictionary<string, string> variables = heap is { } megabytes
            ? new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = ((long)megabytes << 20).ToString("x", CultureInfo.InvariantCulture) }
            : ServerProcess.NoVariables;
        return new OwnServer(folder, pinned, variables, await StartAsync(Command(folder), pinned, variables, stop));
    }

    /// <summary>Ends its process in good order and starts another on the same folder and port: nobody is in memory.</summary>
    /// <exception cref="LoadFailureException">It does not get ready.</exception>
    public async Task RestartAsync(CancellationToken stop)
    {
        await _process.DisposeAsync();
        _process = await StartAsync(Command(Folder, Url), _pinned, _variables, stop);
    }

    /// <summary>Ends its process in good order; its folder stays until it is disposed.</summary>
    public Task EndAsync() => _process.EndAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static Task<ServerProcess> StartAsync(string[] command, bool pinned, IReadOnlyDictionary<string, string> variables, CancellationToken stop) =>
        ServerProcess.StartAsync(pinned ? Cores.ForServer(command) : command, variables, IsReady, stop);
}
