using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Cluster.Tests.Support;

/// <summary>Speaks to a cluster as a front end without affinity does: each call, also one about the catalogue, to the next silo.</summary>
internal sealed class RoamingHost(ClusterWorld world, int silos) : IDecisionHost
{
    private int _calls;

    public long Now => Next().Now;

    public CatalogueSnapshot Catalogue => Next().Catalogue;

    public HostHealth Health => Next().Health;

    public ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation)
    {
        ClusterHost host = Next();
        command.Catalogue = host.Catalogue;
        command.Brands = [.. command.Brands.Select(b => host.Catalogue.Find(b.Id)!)];
        return host.DecideAsync(command, cancellation);
    }

    public ValueTask<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        ClusterHost host = Next();
        return host.RecordAsync(events, host.Catalogue, cancellation);
    }

    public ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction, CancellationToken cancellation) =>
        Next().TrackAsync(decision, interaction, cancellation);

    public ValueTask<ConsumerView?> ReadConsumerAsync(string id, CancellationToken cancellation) => Next().ReadConsumerAsync(id, cancellation);

    public ValueTask<ErasureReceipt?> EraseConsumerAsync(string id, CancellationToken cancellation) => Next().EraseConsumerAsync(id, cancellation);

    public ValueTask<CatalogueChange> PutBrandAsync(string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation) =>
        Next().PutBrandAsync(brandId, document, ifMatch, actor, cancellation);

    public ValueTask<CatalogueChange> DeleteBrandAsync(string brandId, string? ifMatch, string actor, CancellationToken cancellation) =>
        Next().DeleteBrandAsync(brandId, ifMatch, actor, cancellation);

    public ValueTask<CatalogueChange> SetStatusAsync(
        string brandId, SymbolKind kind, string id, bool paused, string actor, CancellationToken cancellation) =>
        Next().SetStatusAsync(brandId, kind, id, paused, actor, cancellation);

    public ValueTask<CatalogueChange> PutSettingsAsync(ReadOnlyMemory<byte> document, string actor, CancellationToken cancellation) =>
        Next().PutSettingsAsync(document, actor, cancellation);

    public ValueTask<ReadOnlyMemory<byte>?> ReadBrandAsync(string brandId, CancellationToken cancellation) => Next().ReadBrandAsync(brandId, cancellation);

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(string brandId, CancellationToken cancellation) => Next().ReadAuditAsync(brandId, cancellation);

    private ClusterHost Next() => world.HostOf(Interlocked.Increment(ref _calls) % silos);
}
