using System.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Engine.Catalogues;

/// <summary>The server's industry table: a file beside its settings, written with examples at the first start and the operator's from then on.</summary>
internal static class IndustryFile
{
    public const string FileName = "industries.json";

    /// <summary>Beauty is what the default weights were made for; the others are examples.</summary>
    public const string Examples =
        """
        {
          "beauty":   { "view": 1.0, "content_engage": 1.0, "shop_visit": 1.0, "follow": 1.0, "brand_search": 1.0, "favorite": 1.0, "coupon_claim": 1.0, "cart": 1.0 },
          "apparel":  { "view": 1.0, "content_engage": 1.1, "shop_visit": 1.0, "follow": 1.2, "brand_search": 0.9, "favorite": 1.2, "coupon_claim": 1.0, "cart": 1.0 },
          "food":     { "view": 1.2, "content_engage": 0.8, "shop_visit": 1.1, "follow": 0.8, "brand_search": 1.0, "favorite": 0.9, "coupon_claim": 1.3, "cart": 1.1 },
          "home":     { "view": 0.8, "content_engage": 1.2, "shop_visit": 1.1, "follow": 1.0, "brand_search": 1.1, "favorite": 1.3, "coupon_claim": 0.9, "cart": 0.9 },
          "electronics": { "view": 0.7, "content_engage": 1.3, "shop_visit": 1.0, "follow": 0.9, "brand_search": 1.3, "favorite": 1.1, "coupon_claim": 0.8, "cart": 0.9 }
        }

        """;

    public static IndustryTable Default { get; } = Parse(Encoding.UTF8.GetBytes(Examples), "the built-in industry table");

    /// <summary>Reads the table in the folder; writes the examples where there is none yet.</summary>
    /// <exception cref="InvalidDataException">Names every fault of the file.</exception>
    public static IndustryTable Open(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            File.WriteAllText(path, Examples);
        }

        return Parse(File.ReadAllBytes(path), path);
    }

    /// <param name="json">The table.</param>
    /// <param name="source">Where it is from, for the message.</param>
    /// <exception cref="InvalidDataException">Names every fault of the table.</exception>
    public static IndustryTable Parse(byte[] json, string source)
    {
        IndustryResult result = IndustryTable.Parse(json);
        return result.Table ?? throw new InvalidDataException($"{source} has faults: {FaultText.Of(result.Faults)}");
    }
}
