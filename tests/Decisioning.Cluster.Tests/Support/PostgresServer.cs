using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

[assembly: AssemblyFixture(typeof(Decisioning.Cluster.Tests.Support.PostgresServer))]

namespace Decisioning.Cluster.Tests.Support;

/// <summary>
/// One PostgreSQL server of our own for all tests, on a free port of this machine, begun by the first that asks for a database; where PostgreSQL is not installed those
/// tests are skipped by name, or fail where everything is required.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    public const string User = "decisioning";
    public const string Password = "only for tests; =quoted";

    private const string RequireAll = "DECISIONING_REQUIRE_ALL";
    private const string HowToGetIt = "PostgreSQL is missing: apt-get install postgresql";

    private static readonly string? Programs = FindPrograms();

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"decisioning-postgres-{Guid.NewGuid():N}");
    private readonly Lazy<Task> _started;
    private int _databases;

    public PostgresServer() => _started = new(StartAsync);

    public int Port { get; private set; }

    /// <summary>Makes an empty database; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        Assert.True(Programs is not null || Environment.GetEnvironmentVariable(RequireAll) != "1", HowToGetIt);
        Assert.SkipWhen(Programs is null, HowToGetIt);
        await _started.Value;
        string name = $"test{Interlocked.Increment(ref _databases)}";
        await using NpgsqlConnection connection = new(ConnectionString("postgres"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand create = new($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return ConnectionString(name);
    }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Database = database, Username = User, Password = Password, MaxPoolSize = 12 }.ConnectionString;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated)
        {
            await RunAsync("pg_ctl", "-D", _folder, "-m", "immediate", "-w", "stop");
            Directory.Delete(_folder, recursive: true);
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindPrograms()
    {
        IEnumerable<string> installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out int version) ? version : 0).Select(d => Path.Combine(d, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")));
    }

    /// <summary>PostgreSQL does not run as root: then it is the user that its package made.</summary>
    private static async Task RunAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(Programs!, program);
        string[] line = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", path, .. arguments] : [path, .. arguments];
        using Process process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { WorkingDirectory = "/", RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}");
    }

    private async Task StartAsync()
    {
        Port = FreePort();
        string password = _folder + ".password";
        await File.WriteAllTextAsync(password, Password);
        await RunAsync("initdb", "-D", _folder, "-U", User, $"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync");
        File.Delete(password);
        await File.AppendAllTextAsync(Path.Combine(_folder, "postgresql.conf"), $"""

            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = ''
            fsync = on
            shared_buffers = 64MB
            max_connections = 200
            """);
        await RunAsync("pg_ctl", "-D", _folder, "-l", Path.Combine(_folder, "server.log"), "-w", "start");
    }
}
