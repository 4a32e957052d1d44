using Decisioning.Benchmarks.Engine;
using Decisioning.Benchmarks.Http;
using Decisioning.Benchmarks.Known;
using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Storage.Sql;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Identity;
using Decisioning.Tests.Common;

namespace Decisioning.Cluster.Benchmarks;

/// <summary>A PostgreSQL server of its own whose database has a cluster's secret and consumers who are known from before.</summary>
internal sealed class KnownCluster : IAsyncDisposable
{
    private const int Batch = 5_000;

    private readonly PostgresProcess _postgres;

    private KnownCluster(PostgresProcess postgres) => _postgres = postgres;

    public string Connection => _postgres.ConnectionString(PostgresProcess.FirstDatabase, "Maximum Pool Size=20;Timeout=3;Command Timeout=10");

    public static async Task<KnownCluster> StartAsync(int consumers)
    {
        KnownCluster cluster = new(await PostgresProcess.StartAsync(CancellationToken.None));
        await using PostgresClusterStore store = new(cluster.Connection);
        await store.OpenAsync(WireContract.Version, CancellationToken.None);
        ClusterSecret secret = new();
        secret.Open(store, new DecisioningOptions().Industries);
        KeyedConsumerHash hash = new(secret.Current);
        PackedConsumers packed = KnownWorld.Pack(MemoryRun.Stated);
        foreach (int[] some in Enumerable.Range(0, consumers).Chunk(Batch))
        {
            await store.WriteSnapshotsAsync([.. some.Select(packed.Of).Select(s => SnapshotOf(s, hash))], CancellationToken.None);
        }

        return cluster;
    }

    /// <summary>Milliseconds of CPU that PostgreSQL's processes have used; 0 where there is no /proc.</summary>
    public double Cpu() => PostgresUsage.Cpu(_postgres.Id);

    /// <summary>Takes PostgreSQL off the servers' core, where the machine has two.</summary>
    public void LeaveServersCore()
    {
        foreach (int process in PostgresUsage.Processes(_postgres.Id))
        {
            Cores.MoveToClients(process);
        }
    }

    public ValueTask DisposeAsync() => _postgres.DisposeAsync();

    private static SnapshotRow SnapshotOf(byte[] packed, KeyedConsumerHash hash) =>
        new(KeySpace.First(hash.Of(ConsumerCodec.IdOf(packed))), ConsumerCodec.SequenceOf(packed), packed);
}
