using System.Diagnostics;
using System.Globalization;

namespace Decisioning.Load.Running;

/// <summary>A server in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int KeptLines = 20;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(60);

    /// <summary>Nothing beside this process's own environment.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>();

    private readonly Process _process;
    private readonly Queue<string> _said = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process, Func<string, bool> isReady)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data, isReady);
        process.ErrorDataReceived += (_, line) => Note(line.Data, isReady);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The path of one of the solution's own programs, as this one was built.</summary>
    /// <param name="folder">Its project's, below the solution's.</param>
    /// <param name="program">What it is called; null: as its project.</param>
    /// <exception cref="LoadFailureException">It was not built.</exception>
    public static string Built(string folder, string? program = null)
    {
        // load/Decisioning.Load/bin/CONFIGURATION/FRAMEWORK: the other's is the same below its own folder. A test's own folder lies as deep.
        DirectoryInfo here = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        string name = Path.GetFileName(folder);
        string path = Path.Combine(root, folder, "bin", here.Parent.Name, here.Name, $"{program ?? name}.dll");
        return File.Exists(path) ? path : throw new LoadFailureException($"There is no program at {path}: build {name} first, in the solution's folder.");
    }

    /// <summary>Whether a server says with that line that it listens, and where: nothing but its address.</summary>
    public static bool IsAddress(string line) => line.StartsWith("http://", StringComparison.Ordinal);

    /// <summary>The process' id.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The line by which it said that it is ready.</summary>
    public string ReadyLine { get; private set; } = "";

    /// <summary>Starts a server and waits until it says that it is ready.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <param name="isReady">Whether a line that it prints says so.</param>
    /// <exception cref="LoadFailureException">It ends before, or takes longer than a minute; the message has what it said last.</exception>
    public static async Task<ServerProcess> StartAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, Func<string, bool> isReady, CancellationToken stop)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        ServerProcess server = new(Process.Start(start)!, isReady);
        Task first = await Task.WhenAny(server._ready.Task, server._process.WaitForExitAsync(stop), Task.Delay(LongestStart, stop));
        if (first != server._ready.Task)
        {
            string fault = $"{string.Join(' ', command)} {(server._process.HasExited ? "ended before it served" : "does not get ready")}: {server.Said}";
            await server.DisposeAsync();
            stop.ThrowIfCancellationRequested();
            throw new LoadFailureException(fault);
        }

        return server;
    }

    /// <summary>What it has used since it began, in time of one core, with the processes that it started and waited for; 0 once it has ended.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            if (_process.HasExited)
            {
                return TimeSpan.Zero;
            }

            return OperatingSystem.IsLinux() ? CpuOf(_process.Id) : _process.TotalProcessorTime;
        }
    }

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

    /// <summary>Asks it to end, and ends it where it does not within a minute.</summary>
    public async Task EndAsync()
    {
        if (!_process.HasExited)
        {
            // Some end with their input, some at the signal.
            _process.StandardInput.Close();
            using Process signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using CancellationTokenSource patience = new(LongestEnd);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
    }

    // After the name in brackets, which may hold anything: state is field 3, utime to cstime are fields 14 to 17, in hundredths of a second.
    private static TimeSpan CpuOf(int process)
    {
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture)));
    }

    private void Note(string? line, Func<string, bool> isReady)
    {
        if (line is null)
        {
            return;
        }

        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > KeptLines)
            {
                _said.Dequeue();
            }
        }

        if (!_ready.Task.IsCompleted && isReady(line))
        {
            ReadyLine = line;
            _ready.TrySetResult();
        }
    }
}
