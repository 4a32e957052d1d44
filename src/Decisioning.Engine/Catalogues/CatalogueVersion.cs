using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Engine.Catalogues;

/// <summary>Names a combination of brands and settings: 16 hexadecimal digits that change with any of them and survive restarts.</summary>
internal static class CatalogueVersion
{
    private const int HexDigits = 16;

    public static string Of(IEnumerable<BrandSnapshot> brands, byte[]? settings)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (BrandSnapshot brand in brands.OrderBy(static b => b.Symbol))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{brand.Symbol}:{brand.Version}\n")));
        }

        hash.AppendData(settings ?? []);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HexDigits];
    }
}
