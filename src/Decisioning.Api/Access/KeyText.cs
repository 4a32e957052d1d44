using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Decisioning.Api.Access;

/// <summary>A newly made key: shown once, kept only as its hash.</summary>
/// <param name="Id">Names the key; no secret.</param>
/// <param name="Text">What callers send; 256 random bits.</param>
/// <param name="Hash">SHA-256 of the text in lower-case hexadecimal, for configuration.</param>
public sealed record KeyText(string Id, string Text, string Hash)
{
    /// <summary>Makes a key from the system's secure random source.</summary>
    public static KeyText Make()
    {
        string id = $"k-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        string text = $"dk_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        return new KeyText(id, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }
}
