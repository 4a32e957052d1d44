using System.Collections.Frozen;
using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Access;

/// <summary>A caller's rights. The key itself is not kept, only its hash.</summary>
public sealed class ApiKey
{
    private readonly FrozenSet<string>? _brands;
    private readonly FrozenSet<string> _origins;
    private Allowed _allowed = new(CatalogueSnapshot.Empty, []);

    /// <param name="id">Names the key in the audit trail; no secret.</param>
    /// <param name="hash">SHA-256 of the key's text.</param>
    /// <param name="roles">What it may do.</param>
    /// <param name="brands">Brands it may use; null: all.</param>
    /// <param name="origins">Where not empty, the key serves only requests from pages of these origins.</param>
    /// <param name="rate">Its rate limit; null: none.</param>
    public ApiKey(string id, ReadOnlyMemory<byte> hash, Roles roles, IReadOnlyCollection<string>? brands, IReadOnlyCollection<string> origins, RateBucket? rate)
    {
        Id = id;
        Hash = hash;
        Roles = roles;
        _brands = brands?.ToFrozenSet(StringComparer.Ordinal);
        _origins = origins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        Rate = rate;
        BrandScope = brands is null ? null : string.Join('\n', brands.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    /// <summary>The caller of a server that has no keys and listens to its own machine alone.</summary>
    public static ApiKey Local { get; } = new("local", ReadOnlyMemory<byte>.Empty, Roles.All, null, [], null);

    public string Id { get; }

    public ReadOnlyMemory<byte> Hash { get; }

    public Roles Roles { get; }

    public RateBucket? Rate { get; }

    public bool MayUseAllBrands => _brands is null;

    /// <summary>The brands as one text, the same for every key that may use the same; null: all.</summary>
    public string? BrandScope { get; }

    public IReadOnlyCollection<string> Origins => _origins;

    public bool Has(Roles anyOf) => (Roles & anyOf) != 0;

    public bool MayUse(string brand) => _brands is null || _brands.Contains(brand);

    /// <summary>The same rights on fewer brands.</summary>
    /// <param name="brands">Each one that this key may use.</param>
    public ApiKey NarrowedTo(IReadOnlyCollection<string> brands) => new(Id, Hash, Roles, brands, _origins, Rate);

    /// <summary>Whether a request from that origin (null: not from a page) may use the key.</summary>
    public bool Serves(string? origin) => _origins.Count == 0 || (origin is not null && _origins.Contains(origin));

    /// <summary>The catalogue's brands that this key may use, in the order of their ids.</summary>
    public BrandSnapshot[] BrandsOf(CatalogueSnapshot catalogue)
    {
        if (_brands is null)
        {
            return catalogue.Brands;
        }

        Allowed allowed = Volatile.Read(ref _allowed);
        if (!ReferenceEquals(allowed.Catalogue, catalogue))
        {
            allowed = new Allowed(catalogue, Array.FindAll(catalogue.Brands, b => _brands.Contains(b.Id)));
            Volatile.Write(ref _allowed, allowed);
        }

        return allowed.Brands;
    }

    private sealed record Allowed(CatalogueSnapshot Catalogue, BrandSnapshot[] Brands);
}
