using System.Diagnostics;
using System.Globalization;
using System.Net;
using Decisioning.Tests.Common;

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

    /// <summary>Completes when the process is gone.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>Once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>On any free port, without the demo.</summary>
    /// <param name="program">The built program.</param>
    /// <param name="folder">Its data folder.</param>
    /// <param name="words">What is said before the server's own options, if anything.</param>
    public static ServerProcess StartOver(string program, string folder, params IReadOnlyList<string> words) =>
        StartAt(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Loopback.FreePort()}"), program, [.. words, "--data", folder, "--no-demo"]);

    /// <param name="address">Where it is to listen.</param>
    /// <param name="program">The built program.</param>
    /// <param name="arguments">All that it is told but the address.</param>
    public static ServerProcess StartAt(string address, string program, IReadOnlyList<string> arguments)
    {
        if (!File.Exists(program))
        {
            throw new CrashFailureException($"There is no server at {program}: build {Path.GetFileNameWithoutExtension(program)} first.");
        }

        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in (string[])[program, .. arguments, "--urls", address])
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
        await SignalAsync("TERM", stop);
        await _process.WaitForExitAsync(stop).WaitAsync(LongestStart, stop);
    }

    /// <summary>Sends a signal, named without SIG.</summary>
    public async Task SignalAsync(string signal, CancellationToken stop)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(stop);
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

    /// <summary>The last lines that it wrote.</summary>
    public string Said
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
}
