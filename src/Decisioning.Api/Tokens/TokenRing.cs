using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tokens;

/// <summary>
/// Seals decisions into opaque tokens and opens them again. A token is base64url over key id, nonce, AES-GCM ciphertext and tag; the newest key
/// seals, every key opens. Safe for use by any number of threads.
/// </summary>
public sealed class TokenRing : IDisposable
{
    /// <summary>Most bytes of a token's text.</summary>
    public const int MaxTextBytes = (SealedOverhead + TokenPayload.MaxBytes + 2) / 3 * 4;

    private const int SealedOverhead = 1 + SealCipher.NonceBytes + SealCipher.TagBytes;

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private readonly TokenKey?[] _byId = new TokenKey?[256];
    private readonly TokenKey _newest;

    /// <param name="secrets">Key ids and their secrets of 32 bytes, oldest first; at least one, ids unique.</param>
    /// <exception cref="ArgumentException">No secret, a secret of another length, or an id given twice.</exception>
    public TokenRing(IReadOnlyList<(byte Id, byte[] Secret)> secrets)
    {
        if (secrets.Count == 0)
        {
            throw new ArgumentException("A token ring needs at least one secret.", nameof(secrets));
        }

        foreach ((byte id, byte[] secret) in secrets)
        {
            if (secret.Length != TokenKey.SecretBytes || _byId[id] is not null)
            {
                throw new ArgumentException($"Token key {id} is there twice or is not of {TokenKey.SecretBytes} bytes.", nameof(secrets));
            }

            _byId[id] = new TokenKey(id, secret);
        }

        _newest = _byId[secrets[^1].Id]!;
    }

    /// <summary>Seals a decision; the number of bytes of text written.</summary>
    /// <param name="decision">The decision; its consumer's id has at most 128 UTF-8 bytes.</param>
    /// <param name="realm">Where it was made.</param>
    /// <param name="destination">At least <see cref="MaxTextBytes"/>.</param>
    public int Seal(in DecisionFacts decision, TokenRealm realm, Span<byte> destination)
    {
        Span<byte> payload = stackalloc byte[TokenPayload.MaxBytes];
        payload = payload[..TokenPayload.Write(decision, realm, payload)];

        Span<byte> token = stackalloc byte[SealedOverhead + TokenPayload.MaxBytes];
        token = token[..(SealedOverhead + payload.Length)];
        token[0] = _newest.Id;
        Span<byte> nonce = token.Slice(1, SealCipher.NonceBytes);
        _newest.WriteNonce(payload, nonce);
        _newest.Cipher.Seal(nonce, token[..1], payload, token[(1 + SealCipher.NonceBytes)..]);
        return Base64Url.EncodeToUtf8(token, destination);
    }

    /// <summary>Opens a token; false for anything forged, cut, garbled or sealed by another ring.</summary>
    public bool TryOpen(ReadOnlySpan<byte> text, [NotNullWhen(true)] out DecisionRef? decision, out TokenRealm realm)
    {
        decision = null;
        realm = default;
        Span<byte> token = stackalloc byte[SealedOverhead + TokenPayload.MaxBytes];
        if (!TryDecode(text, token, out int length) || length <= SealedOverhead || _byId[token[0]] is not { } key)
        {
            return false;
        }

        token = token[..length];
        Span<byte> payload = stackalloc byte[length - SealedOverhead];
        return key.Cipher.TryOpen(token.Slice(1, SealCipher.NonceBytes), token[..1], token[(1 + SealCipher.NonceBytes)..], payload)
            && TokenPayload.TryRead(payload, out decision, out realm);
    }

    public void Dispose()
    {
        foreach (TokenKey? key in _byId)
        {
            key?.Dispose();
        }
    }

    // One token has one text: padding and white space, which the decoder lets pass, are refused; spare bits it refuses itself.
    private static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> token, out int length)
    {
        length = 0;
        return text.Length <= MaxTextBytes && !text.ContainsAnyExcept(Alphabet)
            && Base64Url.DecodeFromUtf8(text, token, out _, out length) == OperationStatus.Done;
    }
}
