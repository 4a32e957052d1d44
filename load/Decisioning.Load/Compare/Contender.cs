using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Compare;

/// <summary>One of those that are compared: it answers <c>POST /v1/decisions</c> at its address, to a key whose rate no load reaches.</summary>
internal sealed class Contender : IAsyncDisposable
{
    /// <summary>The key of each.</summary>
    public const string Key = "dk_comparison";

    private const string NoLimit = "100000000";

    private readonly ServerProcess[] _processes;

    private Contender(string name, string url, params ServerProcess[] processes)
    {
        (Name, Url, _processes) = (name, new Uri(url), processes);
    }

    public string Name { get; }

    public Uri Url { get; }

    /// <summary>What its processes have used since they began.</summary>
    public TimeSpan Cpu => _processes.Aggregate(TimeSpan.Zero, (sum, p) => sum + p.Cpu);

    /// <summary>The server with an answer that was made beforehand, sealed beforehand too.</summary>
    /// <param name="folder">Empty, its alone.</param>
    /// <param name="ids">Of the run.</param>
    /// <param name="shape">Its answer is for the first brand.</param>
    /// <param name="batch">Its threads are scheduled as the engine's are, not as the system does by itself.</param>
    public static async Task<Contender> StartBareAsync(string folder, WorldIds ids, WorldShape shape, bool batch, CancellationToken stop)
    {
        ServerProcess server = await BareProcess.StartAsync(folder, ids, shape, Key, batch, pinned: true, stop);
        return new Contender(batch ? "bare, batch" : "bare endpoint", server.ReadyLine, server);
    }

    /// <summary>The server as it is.</summary>
    /// <param name="folder">Empty, its alone.</param>
    public static async Task<Contender> StartEngineAsync(string folder, CancellationToken stop)
    {
        Dictionary<string, string> environment = new()
        {
            ["DECISIONING__KEYS__0__ID"] = "comparison",
            ["DECISIONING__KEYS__0__HASH"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
            ["DECISIONING__KEYS__0__BRANDS__0"] = "all",
            ["DECISIONING__KEYS__0__REQUESTSPERSECOND"] = NoLimit,
            ["DECISIONING__KEYS__0__BURST"] = NoLimit,
        };
        foreach ((int i, string role) in new[] { "decide", "ingest", "consumer", "watch", "admin" }.Index())
        {
            environment[string.Create(CultureInfo.InvariantCulture, $"DECISIONING__KEYS__0__ROLES__{i}")] = role;
        }

        ServerProcess server = await ServerProcess.StartAsync(Cores.ForServer(OwnServer.Command(folder)), environment, OwnServer.IsReady, stop);
        return new Contender("engine", OwnServer.AddressOf(server), server);
    }

    /// <summary>The usual way: Node.js with fastify and ioredis, and a Redis of its own whose file is flushed every second.</summary>
    /// <param name="folder">Empty, its alone; its path is short, for a socket's name has at most 107 bytes.</param>
    /// <exception cref="LoadFailureException">The machine lacks a program; the message names all of them and how to get them.</exception>
    public static async Task<Contender> StartRedisAsync(string folder, CancellationToken stop)
    {
        IReadOnlyList<string> missing = RedisPrograms.Missing();
        if (missing.Count > 0)
        {
            throw new LoadFailureException(string.Join(Environment.NewLine, missing));
        }

        string way = await RedisWayFolder.PrepareAsync(stop);
        string socket = Path.Combine(folder, "redis");
        string[] redisCommand =
        [
            "redis-server", "--port", "0", "--unixsocket", socket, "--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no",
        ];
        ServerProcess redis = await ServerProcess.StartAsync(
            Cores.ForServer(redisCommand), ServerProcess.NoVariables, line => line.Contains("ready to accept connections", StringComparison.OrdinalIgnoreCase), stop);
        try
        {
            string[] nodeCommand = ["node", Path.Combine(way, "server.mjs"), "--redis", socket, "--key", Key, "--rate", NoLimit, "--burst", NoLimit];
            Dictionary<string, string> environment = new() { ["NODE_ENV"] = "production" };
            ServerProcess node = await ServerProcess.StartAsync(Cores.ForServer(nodeCommand), environment, ServerProcess.IsAddress, stop);
            return new Contender("Redis way", node.ReadyLine, node, redis);
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServerProcess process in _processes)
        {
            await process.DisposeAsync();
        }
    }
}
