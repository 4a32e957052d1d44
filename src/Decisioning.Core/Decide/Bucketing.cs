using System.Text;

namespace Decisioning.Core.Decide;

/// <summary>
/// Places an id in a stable bucket from 0 up to, not including, 1, by GrowthBook's hash (32-bit FNV-1a over UTF-8), so that the same consumers
/// stay held out wherever the same seed is used. An id is held out where its bucket is below the holdout's share.
/// </summary>
public static class Bucketing
{
    private const uint OffsetBasis = 2_166_136_261;
    private const uint Prime = 16_777_619;
    private const int MaxDigits = 10;

    /// <summary>The hash of the seed alone, to be kept where many ids meet the same seed.</summary>
    public static uint Prefix(ReadOnlySpan<byte> seed) => Extend(OffsetBasis, seed);

    /// <summary>The hash of a seed in ASCII alone; a brand's or campaign's id is.</summary>
    public static uint Prefix(ReadOnlySpan<char> asciiSeed) => Extend(OffsetBasis, asciiSeed);

    /// <summary>A prefix continued, so that <c>brand/campaign</c> needs no joined string.</summary>
    public static uint Extend(uint prefix, ReadOnlySpan<char> asciiSeed)
    {
        foreach (char c in asciiSeed)
        {
            prefix = (prefix ^ c) * Prime;
        }

        return prefix;
    }

    /// <summary>The bucket by hash version 2: ten thousand buckets, the hash hashed again so that neighbouring seeds are independent.</summary>
    /// <param name="prefix">The seed's <see cref="Prefix(ReadOnlySpan{byte})"/>.</param>
    /// <param name="id">The id in UTF-8.</param>
    public static double Bucket(uint prefix, ReadOnlySpan<byte> id)
    {
        uint first = Extend(prefix, id);
        Span<byte> digits = stackalloc byte[MaxDigits];
        first.TryFormat(digits, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
        return Extend(OffsetBasis, digits[..length]) % 10_000 / 10_000d;
    }

    /// <summary>The bucket by hash version 2.</summary>
    public static double Bucket(string seed, string id) => Bucket(Prefix(Encoding.UTF8.GetBytes(seed)), Encoding.UTF8.GetBytes(id));

    /// <summary>The bucket by hash version 1, for experiments begun with it elsewhere: a thousand buckets, the id before the seed.</summary>
    public static double BucketV1(string seed, string id) =>
        Extend(Prefix(Encoding.UTF8.GetBytes(id)), Encoding.UTF8.GetBytes(seed)) % 1_000 / 1_000d;

    /// <summary>Whether an id is kept out by a holdout of that share, 0 to 1.</summary>
    public static bool IsHeldOut(uint prefix, ReadOnlySpan<byte> id, double share) => share > 0 && Bucket(prefix, id) < share;

    private static uint Extend(uint prefix, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            prefix = (prefix ^ b) * Prime;
        }

        return prefix;
    }
}
