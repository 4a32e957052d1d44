using Decisioning.Cluster.Turns;

namespace Decisioning.Cluster.Expiry;

/// <summary>Gives a consumer the calendar's turn, wherever its grain is.</summary>
internal sealed class ConsumerTouch(IGrainFactory grains)
{
    /// <param name="catalogueVersion">The store's.</param>
    /// <returns>When it next falls due, ms since the Unix epoch, <see cref="long.MaxValue"/>: never; null: it could not be done now.</returns>
    public async Task<long?> TouchAsync(ulong key, long catalogueVersion)
    {
        try
        {
            return await grains.GetGrain<IConsumerGrain>(unchecked((long)key)).TouchAsync(catalogueVersion);
        }
        catch (Exception e) when (GrainFault.Is(e))
        {
            return null;
        }
    }
}
