using System.Security.Cryptography;
using NSec.Cryptography;

namespace Decisioning.Api.Tokens;

/// <summary>AES-256-GCM under one key, for one thread at a time. What one seals the other opens: they differ in speed alone.</summary>
internal abstract class SealCipher : IDisposable
{
    public const int KeyBytes = 32;
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    /// <summary>The quickest that the processor can do.</summary>
    /// <param name="key"><see cref="KeyBytes"/> bytes.</param>
    public static SealCipher Create(ReadOnlySpan<byte> key) => Aes256Gcm.IsSupported ? new SodiumCipher(key) : new PlatformCipher(key);

    /// <summary>Encrypts and authenticates.</summary>
    /// <param name="nonce"><see cref="NonceBytes"/> bytes, for this payload alone.</param>
    /// <param name="associated">Authenticated with it, not in it.</param>
    /// <param name="payload">What is sealed.</param>
    /// <param name="sealedPayload">As many bytes as the payload has, and <see cref="TagBytes"/> of tag after them.</param>
    public abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> payload, Span<byte> sealedPayload);

    /// <summary>Opens what <see cref="Seal"/> made; false for anything else.</summary>
    /// <param name="nonce">The nonce it was sealed with.</param>
    /// <param name="associated">What was authenticated with it.</param>
    /// <param name="sealedPayload">Ciphertext and tag.</param>
    /// <param name="payload"><see cref="TagBytes"/> bytes shorter.</param>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedPayload, Span<byte> payload);

    public abstract void Dispose();

    /// <summary>libsodium's, which asks for a processor's AES instructions: one call out of the runtime, where the platform's library takes five.</summary>
    internal sealed class SodiumCipher(ReadOnlySpan<byte> key) : SealCipher
    {
        private readonly Key _key = Key.Import(AeadAlgorithm.Aes256Gcm, key, KeyBlobFormat.RawSymmetricKey);

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> payload, Span<byte> sealedPayload) =>
            AeadAlgorithm.Aes256Gcm.Encrypt(_key, nonce, associated, payload, sealedPayload);

        public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedPayload, Span<byte> payload) =>
            AeadAlgorithm.Aes256Gcm.Decrypt(_key, nonce, associated, sealedPayload, payload);

        public override void Dispose() => _key.Dispose();
    }

    /// <summary>The platform's, on processors without such instructions.</summary>
    internal sealed class PlatformCipher(ReadOnlySpan<byte> key) : SealCipher
    {
        private readonly AesGcm _cipher = new(key, TagBytes);

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> payload, Span<byte> sealedPayload) =>
            _cipher.Encrypt(nonce, payload, sealedPayload[..^TagBytes], sealedPayload[^TagBytes..], associated);

        public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedPayload, Span<byte> payload)
        {
            try
            {
                _cipher.Decrypt(nonce, sealedPayload[..^TagBytes], sealedPayload[^TagBytes..], payload, associated);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        public override void Dispose() => _cipher.Dispose();
    }
}
