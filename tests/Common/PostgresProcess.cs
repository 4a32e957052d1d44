using System.Diagnostics;
using System.Globalization;

namespace Decisioning.Tests.Common;

/// <summary>A PostgreSQL server of its own on a loopback port, reached with a password; everything of it is gone at the end.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    public const string User = "decisioning";
    public const string Password = "only for tests; =quoted";

    /// <summary>The database that is there from the beginning.</summary>
    public const string FirstDatabase = "postgres";

    public const string HowToGetIt = "PostgreSQL is missing: apt-get install postgresql";

    private static readonly string? Programs = FindPrograms();

    private readonly string _home;

    private PostgresProcess(string home, int port) => (_home, Port) = (home, port);

    public static bool IsInstalled => Programs is not null;

    public int Port { get; }

    /// <summary>The server's process, which started all its others.</summary>
    public int Id => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private string Data => Path.Combine(_home, "data");

    /// <exception cref="InvalidOperationException">There is no PostgreSQL on this machine, or it does not start.</exception>
    public static async Task<PostgresProcess> StartAsync(CancellationToken stop)
    {
        if (!IsInstalled)
        {
            throw new InvalidOperationException(HowToGetIt);
        }

        PostgresProcess server = new(Directory.CreateTempSubdirectory("decisioning-postgres-").FullName, Loopback.FreePort());
        string password = Path.Combine(server._home, "password");
        await File.WriteAllTextAsync(password, Password, stop);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["-R", "postgres", server._home], stop);
        }

        await CallAsync(
            "initdb",
            ["-D", server.Data, "-U", User, $"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"],
            stop);
        File.Delete(password);
        await server.StartAgainAsync(stop);
        return server;
    }

    /// <summary>What Npgsql opens a database with.</summary>
    public string ConnectionString(string database, string more) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password='{Password}';{more}");

    /// <summary>Stops and starts it.</summary>
    /// <param name="mode"><c>fast</c>, or <c>immediate</c>: as after a crash.</param>
    public async Task RestartAsync(string mode, CancellationToken stop)
    {
        await StopAsync(mode, stop);
        await StartAgainAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync("immediate", CancellationToken.None);
        Directory.Delete(_home, recursive: true);
    }

    private Task StopAsync(string mode, CancellationToken stop) => CallAsync("pg_ctl", ["-D", Data, "-m", mode, "-w", "stop"], stop);

    private Task StartAgainAsync(CancellationToken stop)
    {
        string options = $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c shared_buffers=64MB";
        return CallAsync("pg_ctl", ["-D", Data, "-l", Data + ".log", "-w", "-o", options, "start"], stop);
    }

    // PostgreSQL refuses to run as root: then it is the user that its package made.
    private static Task CallAsync(string program, string[] arguments, CancellationToken stop)
    {
        string path = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments], stop) : RunAsync(path, arguments, stop);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken stop)
    {
        // Its output is not read: a server that it starts keeps the pipe for as long as it runs.
        ProcessStartInfo start = new("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]) { WorkingDirectory = "/" };
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync(stop);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    private static string? FindPrograms()
    {
        IEnumerable<string> installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out int version) ? version : 0).Select(d => Path.Combine(d, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")));
    }
}
