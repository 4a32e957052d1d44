using Decisioning.Core.Aggregate;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Journal;

namespace Decisioning.Cluster.Storage;

/// <summary>The versions of everything in a store that another version of this program may read or write otherwise.</summary>
internal static class StoreForms
{
    /// <summary>What silos say to one another: the one version that moves, where no silo runs.</summary>
    public const string Wire = "wire";

    /// <summary>Of everything that lies in the store, by name.</summary>
    public static IReadOnlyDictionary<string, long> Stored { get; } = new Dictionary<string, long>
    {
        ["schema"] = 1,
        ["state"] = ConsumerCodec.Version,
        ["turn"] = JournalTable.Schema.Version,
        ["books"] = BrandTotals.Version,
    };

    /// <exception cref="StorageException">A stored version is not this program's; the message says what to do.</exception>
    public static void Check(IReadOnlyDictionary<string, long> stored)
    {
        foreach ((string name, long ours) in Stored)
        {
            if (!stored.TryGetValue(name, out long theirs))
            {
                throw new StorageException($"The store does not say which version its {name} form is, so this program did not make it: give the cluster an empty database of its own");
            }

            if (theirs != ours)
            {
                throw new StorageException(
                    $"The store's {name} form is version {theirs}, and this program knows {ours}: run the {(theirs > ours ? "newer" : "older")} version of the program that wrote it, or give this one an empty database");
            }
        }
    }

    public static StorageException OtherWire(long theirs, int ours) => new(
        $"The cluster's silos speak wire contract {theirs}, and this program speaks {ours}: stop every silo of the other version, so that its epoch is closed, and start again; or run the cluster's version");
}
