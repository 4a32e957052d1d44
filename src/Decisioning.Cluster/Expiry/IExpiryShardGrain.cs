using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Decisioning.Cluster.Expiry;

/// <summary>Makes time change the stages of one share of the consumers; the key is the share's number.</summary>
[Alias("decisioning.expiry")]
[Version(1)]
internal interface IExpiryShardGrain : IGrainWithIntegerKey
{
    /// <summary>Wakes the shard, which then goes on by itself.</summary>
    [Alias("start")]
    Task StartAsync();

    /// <summary>Consumers whose entry was moved into an hour that may be loaded already.</summary>
    /// <param name="keys">Null: it is not known who.</param>
    [Alias("entered")]
    Task EnteredAsync([Immutable] ulong[]? keys);

    /// <summary>Publishes everything that is due by now.</summary>
    [Alias("run")]
    Task RunAsync();
}
