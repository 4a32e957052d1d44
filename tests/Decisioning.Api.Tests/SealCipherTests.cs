using Decisioning.Api.Tokens;
using NSec.Cryptography;

namespace Decisioning.Api.Tests;

/// <summary>Both ciphers against the published test cases of GCM (McGrew and Viega, cases 13, 14 and 16), and against each other.</summary>
public class SealCipherTests
{
    private const string LongKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    private const string LongText =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

    private const string LongSealed =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b";

    public static TheoryData<string, string, string, string, string> Cases { get; } = new()
    {
        { new string('0', 64), new string('0', 24), "", "", "530f8afbc74536b9a963b4f1c4cb738b" },
        { new string('0', 64), new string('0', 24), "", new string('0', 32), "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919" },
        { LongKey, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2", LongText, LongSealed },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_published_case_comes_out_as_published(string key, string nonce, string associated, string payload, string expected)
    {
        foreach (SealCipher cipher in Both(Convert.FromHexString(key)))
        {
            using (cipher)
            {
                byte[] text = new byte[expected.Length / 2];
                cipher.Seal(Convert.FromHexString(nonce), Convert.FromHexString(associated), Convert.FromHexString(payload), text);
                Assert.Equal(expected, Convert.ToHexStringLower(text));
                byte[] opened = new byte[payload.Length / 2];
                Assert.True(cipher.TryOpen(Convert.FromHexString(nonce), Convert.FromHexString(associated), text, opened));
                Assert.Equal(payload, Convert.ToHexStringLower(opened));
            }
        }
    }

    [Fact]
    public void Each_opens_what_any_sealed_and_refuses_a_changed_bit_anywhere()
    {
        Random random = new(20261122);
        byte[] key = new byte[SealCipher.KeyBytes];
        random.NextBytes(key);
        SealCipher[] ciphers = [.. Both(key)];
        for (int length = 0; length <= 200; length++)
        {
            byte[] nonce = new byte[SealCipher.NonceBytes];
            byte[] payload = new byte[length];
            byte[] associated = new byte[length % 3];
            random.NextBytes(nonce);
            random.NextBytes(payload);
            byte[] text = new byte[length + SealCipher.TagBytes];
            ciphers[length % ciphers.Length].Seal(nonce, associated, payload, text);
            byte[] forged = [.. text];
            forged[random.Next(forged.Length)] ^= (byte)(1 << random.Next(8));
            foreach (SealCipher cipher in ciphers)
            {
                byte[] opened = new byte[length];
                Assert.True(cipher.TryOpen(nonce, associated, text, opened));
                Assert.Equal(payload, opened);
                Assert.False(cipher.TryOpen(nonce, associated, forged, opened));
                Assert.False(cipher.TryOpen(nonce, [.. associated, 1], text, opened));
            }
        }

        Array.ForEach(ciphers, c => c.Dispose());
    }

    private static IEnumerable<SealCipher> Both(byte[] key)
    {
        yield return new SealCipher.PlatformCipher(key);
        if (Aes256Gcm.IsSupported)
        {
            yield return new SealCipher.SodiumCipher(key);
        }
    }
}
