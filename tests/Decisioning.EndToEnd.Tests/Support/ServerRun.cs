using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>One run of the program, from its start to its end. What it says is kept.</summary>
internal sealed class ServerRun : IAsyncDisposable
{
    private const string Prefix = "DECISIONING__";
    private const string ListeningLine = "Decisioning is listening on ";

    // Long enough for a busy machine; a program that is silent for longer hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private ServerRun(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
    }

    /// <summary>What it wrote to its standard output so far.</summary>
    public string Output => Kept(_output);

    /// <summary>What it wrote to its standard error so far.</summary>
    public string Error => Kept(_error);

    /// <param name="arguments">The command line.</param>
    /// <param name="configuration">Entries such as <c>Keys__0__Id</c>; nothing else of the kind is inherited.</param>
    public static ServerRun Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? configuration = null)
    {
        ProcessStartInfo start = new("dotnet", [BuiltServer.Path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string inherited in start.Environment.Keys.Where(k => k.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        foreach ((string name, string value) in configuration ?? new Dictionary<string, string>())
        {
            start.Environment[Prefix + name] = value;
        }

        ServerRun run = new(new Process { StartInfo = start });
        run._process.Start();
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Where it listens, once it does.</summary>
    /// <exception cref="InvalidOperationException">It ended first.</exception>
    public async Task<Uri> ListeningAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        Task ended = _process.WaitForExitAsync(patience.Token);
        if (await Task.WhenAny(_listening.Task, ended) == _listening.Task)
        {
            return await _listening.Task;
        }

        await ended;
        throw new InvalidOperationException($"The server ended with {_process.ExitCode} before it listened.\n{Output}\n{Error}");
    }

    /// <summary>The next line of its standard output that begins so; lines before it are passed by.</summary>
    public async Task<string> SaysAsync(string beginning)
    {
        using CancellationTokenSource patience = new(Patience);
        await foreach (string line in _lines.Reader.ReadAllAsync(patience.Token))
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The server ended and never said \"{beginning}\".\n{Output}\n{Error}");
    }

    /// <summary>Its exit code, once it has ended by itself.</summary>
    public async Task<int> EndedAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary><c>kill -9</c>: it gets no chance to write anything more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        Keep(_output, line);
        if (line is null)
        {
            _lines.Writer.TryComplete();
        }
        else
        {
            _lines.Writer.TryWrite(line);
        }

        if (line?.StartsWith(ListeningLine, StringComparison.Ordinal) == true)
        {
            _listening.TrySetResult(new Uri(line[ListeningLine.Length..]));
        }
    }

    private static void Keep(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Kept(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
