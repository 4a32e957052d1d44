using Decisioning.Benchmarks.Http;
using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Load.Arrivals;

namespace Decisioning.Cluster.Benchmarks;

/// <summary>What the silos of a cluster did in one round, together.</summary>
/// <param name="CpuPerRequest">Microseconds of the silos' core.</param>
/// <param name="Compiled">Methods that a silo's runtime has compiled in it.</param>
internal readonly record struct ClusterRound(double PerSecond, double CpuPerRequest, double Compiled);

/// <summary>Silos of one cluster, each a process, and a client for each of them.</summary>
internal sealed class LoadedCluster : IAsyncDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    private readonly KnownCluster _cluster;
    private readonly List<ServerProcess> _servers = [];
    private readonly List<LoadClient> _clients = [];

    private LoadedCluster(KnownCluster cluster) => _cluster = cluster;

    /// <param name="consumers">All in memory, each at its home; a multiple of <paramref name="silos"/>.</param>
    public static async Task<LoadedCluster> StartAsync(int consumers, int silos)
    {
        LoadedCluster loaded = new(await KnownCluster.StartAsync(consumers));
        try
        {
            await loaded.OpenAsync(consumers, silos);
            return loaded;
        }
        catch
        {
            await loaded.DisposeAsync();
            throw;
        }
    }

    private async Task OpenAsync(int consumers, int silos)
    {
        _cluster.LeaveServersCore();
        for (int silo = 0; silo < silos; silo++)
        {
            _servers.Add(await SiloServer.StartAsync(_cluster.Connection, silo == 0 ? KnownWorld.Brands : 0, consumers, silo, silos));
        }

        for (int silo = 0; silo < silos; silo++)
        {
            IConsumerChoice choice = new HomeChoice(consumers, silos, silo, silo + 1);
            _clients.Add(DecisionLoad.Open(_servers[silo], DecisionLoad.Path, choice, DecisionLoad.Connections / silos));
        }
    }

    /// <summary>A second of decisions.</summary>
    public async Task<ClusterRound> RunAsync()
    {
        IEnumerable<Task<Round>> running = _servers.Zip(_clients, static (server, client) => Task.Run(() => new MeasuredLoad(server, client).RunAsync(Length)));
        Round[] rounds = await Task.WhenAll(running);
        double requests = rounds.Sum(static r => (double)r.Load.Requests);
        return new ClusterRound(
            rounds.Sum(static r => r.Load.PerSecond), rounds.Sum(static r => r.Used.Cpu) * 1_000 / requests, rounds.Average(static r => r.Used.Compiled));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(static c => c.Dispose());
        foreach (ServerProcess server in _servers.AsEnumerable().Reverse())
        {
            await server.DisposeAsync();
        }

        await _cluster.DisposeAsync();
    }
}
