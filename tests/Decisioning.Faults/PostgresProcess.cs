using System.Diagnostics;
using System.Globalization;
using Decisioning.Crash;

namespace Decisioning.Faults;

/// <summary>A PostgreSQL server of its own on a loopback port, with an empty database; everything of it is gone at the end.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private const string Account = "postgres";

    private readonly string _programs;
    private readonly string _folder;
    private readonly int _port;

    private PostgresProcess(string programs, string folder, int port) => (_programs, _folder, _port) = (programs, folder, port);

    public string Connection => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database=postgres;Username={Account};Maximum Pool Size=20;Timeout=3;Command Timeout=10");

    /// <summary>The server's process, which started all its others.</summary>
    public int Id => int.Parse(File.ReadLines(Path.Combine(_folder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <exception cref="CrashFailureException">There is no PostgreSQL on this machine, or it does not start.</exception>
    public static async Task<PostgresProcess> StartAsync(CancellationToken stop)
    {
        string programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin")).LastOrDefault() ?? ""
            : "";
        if (!File.Exists(Path.Combine(programs, "initdb")))
        {
            throw new CrashFailureException("There is no PostgreSQL on this machine: install it (Debian: apt-get install postgresql).");
        }

        string folder = Directory.CreateTempSubdirectory("decisioning-postgres-").FullName;
        PostgresProcess server = new(programs, Path.Combine(folder, "data"), ServerProcess.FreePort());
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", [Account, folder], stop);
        }

        await server.CallAsync("initdb", ["-D", server._folder, "-U", Account, "--auth=trust", "--no-sync"], stop);
        await server.StartAgainAsync(stop);
        return server;
    }

    /// <summary>Stops and starts it.</summary>
    /// <param name="mode"><c>fast</c>, or <c>immediate</c>: as after a crash.</param>
    public async Task RestartAsync(string mode, CancellationToken stop)
    {
        await CallAsync("pg_ctl", ["-D", _folder, "-m", mode, "-w", "stop"], stop);
        await StartAgainAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        await CallAsync("pg_ctl", ["-D", _folder, "-m", "immediate", "-w", "stop"], CancellationToken.None);
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    private Task StartAgainAsync(CancellationToken stop) => CallAsync(
        "pg_ctl",
        ["-D", _folder, "-l", _folder + ".log", "-w", "-o", $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200", "start"],
        stop);

    // PostgreSQL refuses to run as root.
    private Task CallAsync(string program, string[] arguments, CancellationToken stop)
    {
        string path = Path.Combine(_programs, program);
        return Environment.UserName == "root" ? RunAsync("runuser", ["-u", Account, "--", path, .. arguments], stop) : RunAsync(path, arguments, stop);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken stop)
    {
        // Its output is not read: a server that it starts keeps the pipe for as long as it runs.
        ProcessStartInfo start = new("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]) { WorkingDirectory = "/" };
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync(stop);
        if (process.ExitCode != 0)
        {
            throw new CrashFailureException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
