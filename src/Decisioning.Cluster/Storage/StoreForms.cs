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

    /// <summary>The oldest versions that this program reads on, of what it writes anew. They move as the wire contract does.</summary>
    private static readonly Dictionary<string, long> ReadFrom = new() { ["books"] = BrandTotals.OldestVersion };

    /// <summary>The marks that this program sets otherwise, where no silo runs: the wire contract's, and those of older forms that it reads on.</summary>
    /// <param name="stored">That <see cref="Check"/> found good.</param>
    public static IReadOnlyList<KeyValuePair<string, long>> Moved(IReadOnlyDictionary<string, long> stored, int wire) =>
        [.. Stored.Append(new(Wire, wire)).Where(mark => stored[mark.Key] != mark.Value)];

    /// <exception cref="StorageException">A stored version is not this program's; the message says what to do.</exception>
    public static void Check(IReadOnlyDictionary<string, long> stored)
    {
        foreach ((string name, long ours) in Stored)
        {
            if (!stored.TryGetValue(name, out long theirs))
            {
                throw new StorageException($"The store does not say which version its {name} form is, so this program did not make it: give the cluster an empty database of its own");
            }

            if (theirs != ours && !(theirs < ours && ReadFrom.TryGetValue(name, out long oldest) && theirs >= oldest))
            {
                throw new StorageException(
                    $"The store's {name} form is version {theirs}, and this program knows {ours}: run the {(theirs > ours ? "newer" : "older")} version of the program that wrote it, or give this one an empty database");
            }
        }
    }

    public static StorageException OtherWire(long theirs, int ours) => Other(Wire, theirs, ours);

    /// <summary>A mark that would have to move, and a silo runs.</summary>
    public static StorageException Other(string mark, long theirs, long ours) => new(
        $"{(mark == Wire ? $"The cluster's silos speak wire contract {theirs}, and this program speaks {ours}" : $"The cluster's silos write {mark} of version {theirs}, and this program writes {ours}")}: stop every silo of the other version, so that its epoch is closed, and start again; or run the cluster's version");
}
