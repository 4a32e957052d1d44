using Decisioning.Cluster.Storage;
using Decisioning.Core.Catalogue;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Identity;

namespace Decisioning.Cluster.Catalogue;

/// <summary>What all silos share and no silo may choose for itself, kept in the store's settings: made once, by the first silo.</summary>
internal sealed class ClusterSecret
{
    private const string SecretName = "cluster.secret";
    private const string IndustriesName = "cluster.industries";

    private EngineSecret? _secret;
    private IndustryTable? _industries;

    /// <summary>Keys of ids' hashes, and the seed of draws.</summary>
    public EngineSecret Current => _secret ?? throw new InvalidOperationException("The silo has not started.");

    public IndustryTable Industries => _industries ?? throw new InvalidOperationException("The silo has not started.");

    /// <summary>Reads what the cluster shares, and makes what is not there yet.</summary>
    /// <exception cref="InvalidDataException">What is kept cannot be read; the message says what to do.</exception>
    public void Open(IClusterStore store, ReadOnlyMemory<byte> industries)
    {
        _secret = EngineSecret.Of(Keep(store, SecretName, EngineSecret.CreateBytes), $"The setting {SecretName} of the store");
        _industries = IndustryFile.Parse(Keep(store, IndustriesName, industries.ToArray), $"The setting {IndustriesName} of the store");
    }

    private static byte[] Keep(IClusterStore store, string name, Func<byte[]> make)
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
