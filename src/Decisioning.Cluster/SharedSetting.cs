using Decisioning.Cluster.Storage;

namespace Decisioning.Cluster;

/// <summary>A value that no silo may choose for itself: the first one that asks makes it, and it is kept in the store's settings for all.</summary>
public static class SharedSetting
{
    /// <summary>What is kept under the name; where there is nothing, what <paramref name="make"/> gives is kept from here on.</summary>
    /// <remarks>The store's catalogue is read by blocking calls.</remarks>
    public static byte[] Keep(IClusterStore store, string name, Func<byte[]> make)
    {
        while (true)
        {
            ICatalogueSession session = store.OpenCatalogue();
            if (session.ReadSetting(name) is { } kept)
            {
                return kept;
            }

            try
            {
                session.WriteSetting(name, make(), []);
            }
            catch (CatalogueMovedException)
            {
                // Another silo was first, with this or with something else.
            }
        }
    }
}
