using System.Buffers.Binary;
using Decisioning.Core.Catalogue;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Catalogues;

/// <summary>
/// Brands whose consumers are yet to be brought under changed rules, kept in a setting until they are: a restart goes on with them. Safe for concurrent use.
/// </summary>
internal sealed class PendingRules
{
    public const string Setting = "rules.pending";

    private readonly Lock _gate = new();
    private readonly ICatalogueStore _store;
    private readonly SortedDictionary<int, long> _changes = [];
    private readonly HashSet<int> _coming = [];
    private long _change;

    /// <exception cref="InvalidDataException">The setting is damaged.</exception>
    public PendingRules(ICatalogueStore store)
    {
        _store = store;
        foreach (int brand in Read(store))
        {
            _changes[brand] = ++_change;
        }
    }

    /// <summary>The brands that the setting names.</summary>
    /// <exception cref="InvalidDataException">The setting is damaged.</exception>
    public static int[] Read(ICatalogueStore store)
    {
        byte[] bytes = store.ReadSetting(Setting) ?? [];
        if (bytes.Length % sizeof(int) != 0)
        {
            throw new InvalidDataException($"The setting {Setting} is damaged. Restore the data folder from a backup.");
        }

        int[] brands = new int[bytes.Length / sizeof(int)];
        for (int i = 0; i < brands.Length; i++)
        {
            brands[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * sizeof(int)));
        }

        return brands;
    }

    /// <summary>The brands whose changes are live, each with the number of its newest one.</summary>
    public KeyValuePair<int, long>[] All
    {
        get
        {
            lock (_gate)
            {
                return [.. _changes.Where(c => !_coming.Contains(c.Key))];
            }
        }
    }

    public bool Contains(int brand)
    {
        lock (_gate)
        {
            return _changes.ContainsKey(brand);
        }
    }

    /// <summary>Notes, on disk before it returns, that a brand's consumers have to be gone over; nobody begins before <see cref="Live"/>.</summary>
    public void Add(int brand)
    {
        lock (_gate)
        {
            Write([.. _changes.Keys.Union([brand])]);
            _changes[brand] = ++_change;
            _coming.Add(brand);
        }
    }

    /// <summary>What was noted is live, or will not be: going over begins.</summary>
    public void Live(int brand)
    {
        lock (_gate)
        {
            _coming.Remove(brand);
        }
    }

    /// <summary>A brand's consumers were gone over, beginning after a change. A newer change leaves it pending.</summary>
    public void Done(int brand, long change)
    {
        lock (_gate)
        {
            if (_changes.TryGetValue(brand, out long newest) && newest == change)
            {
                Write([.. _changes.Keys.Where(b => b != brand)]);
                _changes.Remove(brand);
            }
        }
    }

    /// <summary>Whether the same evidence may make another stage of a consumer.</summary>
    public static bool Differ(BrandRules before, BrandRules after) =>
        before.AwarenessWindow != after.AwarenessWindow || before.InterestWindow != after.InterestWindow
        || before.PurchaseWindow != after.PurchaseWindow || before.LoyaltyWindow != after.LoyaltyWindow
        || before.AwarenessFromImpression != after.AwarenessFromImpression || before.AdClickIsInterest != after.AdClickIsInterest
        || before.KeenSpendMicros != after.KeenSpendMicros;

    private void Write(int[] brands)
    {
        byte[] bytes = new byte[brands.Length * sizeof(int)];
        for (int i = 0; i < brands.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), brands[i]);
        }

        _store.WriteSetting(Setting, bytes, []);
    }
}
