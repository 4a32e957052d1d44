using System.Security.Cryptography;
using System.Text;

namespace Decisioning.Api.Access;

/// <summary>
/// The configured keys. A key is found by the hash of what was presented, so that the time it takes says nothing about the keys there are.
/// </summary>
public sealed class KeyRing
{
    /// <summary>Longest key that is looked at, in characters.</summary>
    public const int LongestKey = 256;

    private readonly Dictionary<ulong, ApiKey> _byHash = [];

    /// <param name="keys">Keys with unique ids and hashes.</param>
    /// <exception cref="ArgumentException">A hash is there twice or is not of 32 bytes.</exception>
    public KeyRing(IReadOnlyCollection<ApiKey> keys)
    {
        foreach (ApiKey key in keys)
        {
            if (key.Hash.Length != SHA256.HashSizeInBytes || !_byHash.TryAdd(Slot(key.Hash.Span), key))
            {
                throw new ArgumentException($"The key {key.Id} has a hash that is not of 32 bytes or that another key has.", nameof(keys));
            }
        }
    }

    /// <summary>No keys: every caller is local.</summary>
    public static KeyRing Empty { get; } = new([]);

    public bool IsEmpty => _byHash.Count == 0;

    /// <summary>Every origin that some key is bound to.</summary>
    public IEnumerable<string> Origins => _byHash.Values.SelectMany(k => k.Origins);

    /// <summary>The key with that text, or null.</summary>
    public ApiKey? Find(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestKey)
        {
            return null;
        }

        Span<byte> utf8 = stackalloc byte[LongestKey * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(text, utf8)], hash);
        return _byHash.TryGetValue(Slot(hash), out ApiKey? key) && CryptographicOperations.FixedTimeEquals(hash, key.Hash.Span) ? key : null;
    }

    private static ulong Slot(ReadOnlySpan<byte> hash) => BitConverter.ToUInt64(hash);
}
