using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Decisioning.Load.Running;

/// <summary>An embedded server of the generator's own, in a process and a folder of its own, both gone afterwards.</summary>
internal sealed class OwnServer : IAsyncDisposable
{
    private const int LinesKept = 20;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    private readonly string _folder;
    private readonly Queue<string> _said = [];
    private Process _process;

    private OwnServer(string url, string folder)
    {
        (Url, _folder) = (url, folder);
        _process = Begin();
    }

    public string Url { get; }

    /// <summary>Its process' id.</summary>
    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has used of the processor, in seconds of one core.</summary>
    public double CpuSeconds => Read(p => p.TotalProcessorTime.TotalSeconds);

    /// <summary>Its memory, bytes.</summary>
    public long Memory => (long)Read(p => p.WorkingSet64);

    /// <summary>The last lines that it wrote.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join(Environment.NewLine, _said);
            }
        }
    }

    /// <summary>Starts one, on a free port of the loopback.</summary>
    /// <exception cref="LoadFailureException">It does not get ready.</exception>
    public static async Task<OwnServer> StartAsync(CancellationToken stop)
    {
        if (!File.Exists(Program))
        {
            throw new LoadFailureException($"There is no server at {Program}: build src/Decisioning.Server, or give --url.");
        }

        OwnServer server = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"), Directory.CreateTempSubdirectory("decisioning-load-").FullName);
        await server.WaitUntilReadyAsync(stop);
        return server;
    }

    /// <summary>Ends its process in good order and starts another on the same folder: nobody is in memory.</summary>
    /// <exception cref="LoadFailureException">It does not get ready.</exception>
    public async Task RestartAsync(CancellationToken stop)
    {
        await EndAsync();
        _process.Dispose();
        _process = Begin();
        await WaitUntilReadyAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // load/Decisioning.Load/bin/CONFIGURATION/FRAMEWORK: the server's is the same below src/Decisioning.Server. A test's own folder lies as deep.
    private static string Program
    {
        get
        {
            DirectoryInfo here = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            string root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
            return Path.Combine(root, "src", "Decisioning.Server", "bin", here.Parent.Name, here.Name, "Decisioning.Server.dll");
        }
    }

    private Process Begin()
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in (string[])[Program, "--urls", Url, "--data", _folder, "--no-demo"])
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task WaitUntilReadyAsync(CancellationToken stop)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Url) };
        var waiting = Stopwatch.StartNew();
        while (!await IsReadyAsync(http, stop))
        {
            if (_process.HasExited || waiting.Elapsed > LongestStart)
            {
                throw new LoadFailureException($"The generator's own server {(_process.HasExited ? "ended" : "did not get ready")}: {Said}");
            }

            await Task.Delay(AskAgain, stop);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync("readyz", stop);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task EndAsync()
    {
        if (!_process.HasExited)
        {
            using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }
    }

    private double Read(Func<Process, double> figure)
    {
        _process.Refresh();
        return _process.HasExited ? 0 : figure(_process);
    }

    private void Note(string? line)
    {
        lock (_said)
        {
            _said.Enqueue(line ?? "");
            if (_said.Count > LinesKept)
            {
                _said.Dequeue();
            }
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
