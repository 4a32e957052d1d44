using Decisioning.Cluster.Catalogue;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Cluster.Tests.Support;

/// <summary>Speaks to a cluster as a front end without affinity does: each call to the next silo. What is about the catalogue goes to the first.</summary>
internal sealed class RoamingHost(ClusterWorld world, int silos) : IDecisionHost
{
    private int _calls;

    public long Now => First.Now;

    public CatalogueSnapshot Catalogue => First.Catalogue;

    public HostHealth Health => First.Health;

    private ClusterHost First => world.HostOf(0);

    public async ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation)
    {
        ClusterHost host = await NextAsync();
        command.Catalogue = host.Catalogue;
        command.Brands = [.. command.Brands.Select(b => host.Catalogue.Find(b.Id)!)];
        return await host.DecideAsync(command, cancellation);
    }

    public async ValueTask<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        ClusterHost host = await NextAsync();
        return await host.RecordAsync(events, host.Catalogue, cancellation);
    }

    public async ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction, CancellationToken cancellation) =>
        await (await NextAsync()).TrackAsync(decision, interaction, cancellation);

    public async ValueTask<ConsumerView?> ReadConsumerAsync(string id, CancellationToken cancellation) => await (await NextAsync()).ReadConsumerAsync(id, cancellation);

    public async ValueTask<ErasureReceipt?> EraseConsumerAsync(string id, CancellationToken cancellation) =>
        await (await NextAsync()).EraseConsumerAsync(id, cancellation);

    public ValueTask<CatalogueChange> PutBrandAsync(string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation) =>
        First.PutBrandAsync(brandId, document, ifMatch, actor, cancellation);

    public ValueTask<CatalogueChange> DeleteBrandAsync(string brandId, string? ifMatch, string actor, CancellationToken cancellation) =>
        First.DeleteBrandAsync(brandId, ifMatch, actor, cancellation);

    public ValueTask<CatalogueChange> SetStatusAsync(
        string brandId, SymbolKind kind, string id, bool paused, string actor, CancellationToken cancellation) =>
        First.SetStatusAsync(brandId, kind, id, paused, actor, cancellation);

    public ValueTask<CatalogueChange> PutSettingsAsync(ReadOnlyMemory<byte> document, string actor, CancellationToken cancellation) =>
        First.PutSettingsAsync(document, actor, cancellation);

    public ValueTask<ReadOnlyMemory<byte>?> ReadBrandAsync(string brandId, CancellationToken cancellation) => First.ReadBrandAsync(brandId, cancellation);

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(string brandId, CancellationToken cancellation) => First.ReadAuditAsync(brandId, cancellation);

    // A front end knows a change once its silo does.
    private async ValueTask<ClusterHost> NextAsync()
    {
        int silo = Interlocked.Increment(ref _calls) % silos;
        await world.ServiceOf<ClusterCatalogue>(silo).ReachAsync(world.ServiceOf<ClusterCatalogue>(0).Version, CancellationToken.None);
        return world.HostOf(silo);
    }
}
