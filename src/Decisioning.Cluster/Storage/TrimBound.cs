namespace Decisioning.Cluster.Storage;

/// <summary>How far an epoch's rows are in everybody's books.</summary>
internal static class TrimBound
{
    /// <summary>The number up to which every brand's books have taken in the epoch's rows; a live brand without books has taken in none.</summary>
    /// <param name="positions">Of the written books, by brand and epoch.</param>
    public static long Of(
        long epoch, IReadOnlyDictionary<int, IReadOnlyDictionary<long, long>> positions, IReadOnlySet<int> live, IReadOnlySet<int> deleted)
    {
        long bound = long.MaxValue;
        foreach (int brand in live.Union(positions.Keys).Where(b => !deleted.Contains(b)))
        {
            bound = Math.Min(bound, positions.GetValueOrDefault(brand)?.GetValueOrDefault(epoch) ?? 0);
        }

        return bound;
    }
}
