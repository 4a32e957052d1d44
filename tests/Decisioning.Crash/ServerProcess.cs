using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Decisioning.Crash;

/// <summary>The real server in a process of its own, on a loopback port of its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly List<string> _said = [];

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    public static ServerProcess Start(string program, string folder)
    {
        if (!File.Exists(program))
        {
            throw new CrashFailureException($"There is no server at {program}: build src/Decisioning.Server first.");
        }

        string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in (string[])[program, "--urls", address, "--data", folder, "--no-demo"])
        {
            start.ArgumentList.Add(argument);
        }

        return new ServerProcess(Process.Start(start)!, new Uri(address + "/"));
    }

    /// <summary>Waits until the server has recovered and takes work.</summary>
    /// <exception cref="CrashFailureException">It ended, or takes too long; the message has what it said.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken stop)
    {
        var waiting = Stopwatch.StartNew();
        while (!await IsReadyAsync(stop))
        {
            if (_process.HasExited || waiting.Elapsed > LongestStart)
            {
                throw new CrashFailureException($"the server {(_process.HasExited ? "ended" : "did not get ready")}: {Said}");
            }

            await Task.Delay(AskAgain, stop);
        }
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync(CancellationToken stop)
    {
        _process.Kill();
        await _process.WaitForExitAsync(stop);
    }

    /// <summary>Asks it to end (SIGTERM), and waits until it has.</summary>
    public async Task StopAsync(CancellationToken stop)
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(stop);
        await _process.WaitForExitAsync(stop).WaitAsync(LongestStart, stop);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        Http.Dispose();
        _process.Dispose();
    }

    private string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join(Environment.NewLine, _said.TakeLast(20));
            }
        }
    }

    private void Note(string? line)
    {
        lock (_said)
        {
            _said.Add(line ?? "");
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage answer = await Http.GetAsync("readyz", stop);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
