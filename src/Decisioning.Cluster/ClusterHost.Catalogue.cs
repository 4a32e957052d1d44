using Decisioning.Cluster.Catalogue;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Storage;
using Orleans.Runtime;

namespace Decisioning.Cluster;

public sealed partial class ClusterHost
{
    public ValueTask<CatalogueChange> PutBrandAsync(
        string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation) =>
        ChangeAsync(grain => grain.PutAsync(brandId, document.ToArray(), ifMatch, actor), cancellation);

    public ValueTask<CatalogueChange> DeleteBrandAsync(string brandId, string? ifMatch, string actor, CancellationToken cancellation) =>
        ChangeAsync(grain => grain.DeleteAsync(brandId, ifMatch, actor), cancellation);

    public ValueTask<CatalogueChange> SetStatusAsync(
        string brandId, SymbolKind kind, string id, bool paused, string actor, CancellationToken cancellation) =>
        ChangeAsync(grain => grain.SetStatusAsync(brandId, (byte)kind, id, paused, actor), cancellation);

    public ValueTask<CatalogueChange> PutSettingsAsync(ReadOnlyMemory<byte> document, string actor, CancellationToken cancellation) =>
        ChangeAsync(grain => grain.PutSettingsAsync(document.ToArray(), actor), cancellation);

    public ValueTask<ReadOnlyMemory<byte>?> ReadBrandAsync(string brandId, CancellationToken cancellation) => ReadAsync(() =>
        _store.OpenCatalogue().FindBrand(brandId) is { Deleted: false } row ? row.Document : default(ReadOnlyMemory<byte>?), cancellation);

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(string brandId, CancellationToken cancellation) => ReadAsync<IReadOnlyList<AuditEntry>>(() =>
        [
            .. _store.OpenCatalogue().ReadAudit(brandId)
                .Select(static row => new AuditEntry(row.At, row.Actor, row.Action, row.Path, row.Before, row.After)),
        ],
        cancellation);

    // Live when this returns: here, and on every other silo that takes turns.
    private async ValueTask<CatalogueChange> ChangeAsync(Func<ICatalogueGrain, Task<CatalogueAnswer>> change, CancellationToken cancellation)
    {
        CatalogueAnswer answer;
        try
        {
            answer = await change(_catalogue);
        }
        catch (Exception e) when (GrainFault.Is(e, cancellation))
        {
            throw new HostUnavailableException($"The catalogue cannot be changed now: {e.Message}", ClusterBounds.Soon);
        }

        if (answer.Unavailable is { } reason)
        {
            throw new HostUnavailableException(reason, ClusterBounds.Soon);
        }

        await _services.Catalogue.ReachAsync(answer.StoreVersion, cancellation);
        CatalogueChange made = answer.ToChange();
        if (made.Outcome == CatalogueOutcome.Done)
        {
            await _spread.ReachAsync(answer.StoreVersion, cancellation);
        }

        return made;
    }

    // The store's catalogue is read by blocking calls.
    private static async ValueTask<T> ReadAsync<T>(Func<T> read, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(read, cancellation);
        }
        catch (StorageException e)
        {
            throw new HostUnavailableException($"The store refused: {e.Message}", ClusterBounds.Soon);
        }
    }
}
