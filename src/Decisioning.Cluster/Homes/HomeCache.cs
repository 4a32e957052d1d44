using System.Diagnostics.CodeAnalysis;
using Decisioning.Cluster.Turns;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;

namespace Decisioning.Cluster.Homes;

/// <summary>
/// What this silo knows of where grains are before it asks another: what Orleans has looked up or was told, and, of consumers, what other silos say of themselves. So the
/// first call to a consumer elsewhere goes to its silo at once.
/// </summary>
/// <param name="found">Orleans' own.</param>
/// <param name="isActive">Whether a silo takes calls, as far as is known.</param>
internal sealed class HomeCache(IGrainDirectoryCache found, HomeTable homes, Func<SiloAddress, bool> isActive) : IGrainDirectoryCache, IAsyncDisposable
{
    private static readonly GrainType Consumers = GrainType.Create(ConsumerGrain.TypeName);

    public IEnumerable<(GrainAddress ActivationAddress, int Version)> KeyValues => found.KeyValues;

    public void AddOrUpdate(GrainAddress value, int version) => found.AddOrUpdate(value, version);

    public bool Remove(GrainId key) => found.Remove(key) | (KeyOf(key) is { } consumer && homes.Forget(consumer));

    public bool Remove(GrainAddress key) =>
        found.Remove(key) | (KeyOf(key.GrainId) is { } consumer && homes.Find(consumer) is { } home && home.Equals(key.SiloAddress) && homes.Forget(consumer));

    public void Clear() => found.Clear();

    public bool LookUp(GrainId key, [NotNullWhen(true)] out GrainAddress? result, out int version)
    {
        if (found.LookUp(key, out result, out version))
        {
            return true;
        }

        if (KeyOf(key) is { } consumer && homes.Find(consumer) is { } home && isActive(home))
        {
            result = new GrainAddress { GrainId = key, SiloAddress = home };
            return true;
        }

        return false;
    }

    public ValueTask DisposeAsync() => found is IAsyncDisposable cache ? cache.DisposeAsync() : ValueTask.CompletedTask;

    private static ulong? KeyOf(GrainId grain) =>
        grain.Type.Equals(Consumers) && grain.TryGetIntegerKey(out long key, out _) ? unchecked((ulong)key) : null;
}
