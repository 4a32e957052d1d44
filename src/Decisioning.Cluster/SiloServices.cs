using Orleans.Runtime;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Decisioning.Cluster;

/// <summary>Finds the part of a kind that each silo has one of.</summary>
internal sealed class SiloServices<TService>(IServiceProvider services) : GrainServiceClient<TService>(services)
    where TService : IGrainService
{
    public TService Of(SiloAddress silo) => GetGrainService(silo);
}
