using Orleans.Runtime;

namespace Decisioning.Cluster.Catalogue;

/// <summary>
/// Brings a change of the catalogue to every silo, and the money for it, before it is answered. Whoever does not tell that it has it is waited for no longer than a silo takes turns without having
/// heard of the version: from then on it has it as well, or takes none; money that has not come by then comes later.
/// </summary>
/// <param name="others">Every other silo that is not dead, by the membership as it is kept; throws where that cannot be read.</param>
/// <param name="tell">Tells a silo of a version; answers, once it has been asked to lend money there, whether it is live there.</param>
/// <param name="fund">Asks for the money that this silo needs for what is live here; completes when that was answered.</param>
internal sealed class CatalogueSpread(
    Func<CancellationToken, Task<IReadOnlyList<SiloAddress>>> others, Func<SiloAddress, long, Task<bool>> tell, Func<Task> fund, TimeProvider time)
{
    /// <summary>Returns when no silo takes a turn under an older catalogue any more.</summary>
    /// <param name="version">The catalogue's in the store, where it stands already; live here.</param>
    public async Task ReachAsync(long version, CancellationToken cancellation)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task over = Task.Delay(ClusterBounds.CatalogueStale, time, end.Token);
        Task<bool> all = TellAllAsync(version, end.Token);
        if (await Task.WhenAny(all, over) == over || !await all)
        {
            await over;
        }

        await end.CancelAsync();
    }

    private async Task<bool> TellAllAsync(long version, CancellationToken cancellation)
    {
        Task funded = fund();
        try
        {
            return Array.TrueForAll(await Task.WhenAll((await others(cancellation)).Select(silo => tell(silo, version))), static live => live);
        }
        catch (Exception)
        {
            // Of whatever kind: who has it is not known.
            return false;
        }
        finally
        {
            await funded;
        }
    }
}
