using System.Buffers.Binary;
using System.Security.Cryptography;
using Decisioning.Core.Consumers;

namespace Decisioning.Api.Tokens;

/// <summary>
/// One secret and what is derived from it. The nonce of a payload is a keyed hash of that payload, so that it repeats only for the same payload,
/// whose sealed form is then the same too.
/// </summary>
internal sealed class TokenKey : IDisposable
{
    public const int SecretBytes = 32;

    private readonly ThreadLocal<SealCipher> _cipher;
    private readonly SipHash _nonceHigh;
    private readonly SipHash _nonceLow;

    /// <param name="id">Names the secret in tokens.</param>
    /// <param name="secret"><see cref="SecretBytes"/> random bytes.</param>
    public TokenKey(byte id, ReadOnlySpan<byte> secret)
    {
        Id = id;
        byte[] sealKey = new byte[SealCipher.KeyBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, secret, sealKey, "decisioning token seal 1"u8);
        Span<byte> nonceKeys = stackalloc byte[32];
        HKDF.Expand(HashAlgorithmName.SHA256, secret, nonceKeys, "decisioning token nonce 1"u8);
        _nonceHigh = SipHash.Keyed(nonceKeys);
        _nonceLow = SipHash.Keyed(nonceKeys[16..]);
        _cipher = new ThreadLocal<SealCipher>(() => SealCipher.Create(sealKey), trackAllValues: true);
    }

    public byte Id { get; }

    /// <summary>This thread's own cipher.</summary>
    public SealCipher Cipher => _cipher.Value!;

    public void WriteNonce(ReadOnlySpan<byte> payload, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, _nonceHigh.Of(payload));
        BinaryPrimitives.WriteUInt32LittleEndian(nonce[8..], (uint)_nonceLow.Of(payload));
    }

    public void Dispose()
    {
        foreach (SealCipher cipher in _cipher.Values)
        {
            cipher.Dispose();
        }

        _cipher.Dispose();
    }
}
