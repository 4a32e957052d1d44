using Orleans.CodeGeneration;

namespace Decisioning.Cluster.Watch;

/// <summary>Goes over every consumer for what no single turn can know; there is one, of key 0.</summary>
[Alias("decisioning.pass")]
[Version(1)]
internal interface IPassGrain : IGrainWithIntegerKey
{
    /// <summary>Wakes the grain, which then goes over everybody every hour.</summary>
    [Alias("start")]
    Task StartAsync();

    /// <summary>Goes over everybody now.</summary>
    [Alias("run")]
    Task RunAsync();
}
