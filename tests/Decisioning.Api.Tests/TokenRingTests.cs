using System.Text;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests;

public class TokenRingTests
{
    private static readonly DecisionRef Usual = new("c-42", 1, 20, 300, 4000, 50_000, ScriptedHost.Start, 600, PriceModel.Cpm, 30_000, 65_535);

    public static TheoryData<DecisionRef> Decisions { get; } =
    [
        Usual,
        new DecisionRef(null, 0, 0, 0, 0, 0, 0, 0, PriceModel.None, 0),
        new DecisionRef(new string('é', 64), int.MaxValue, (1 << 24) - 1, (1 << 24) - 1, (1 << 24) - 1, uint.MaxValue, long.MaxValue, 65_535,
            PriceModel.Flat, long.MaxValue, ushort.MaxValue),
        new DecisionRef("c", 127, 128, 129, 16_383, 16_384, 1, 1, PriceModel.Cpc, 1),
    ];

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_decision_comes_out_as_it_went_in(DecisionRef decision)
    {
        using TokenRing ring = TestApi.NewRing();
        foreach (TokenRealm realm in Enum.GetValues<TokenRealm>())
        {
            Assert.True(ring.TryOpen(Seal(ring, decision, realm), out DecisionRef? opened, out TokenRealm where));
            Assert.Equal(decision, opened);
            Assert.Equal(realm, where);
        }
    }

    [Fact]
    public void The_same_decision_has_the_same_token_and_no_two_share_a_nonce()
    {
        using TokenRing ring = TestApi.NewRing();
        Assert.Equal(Seal(ring, Usual), Seal(ring, Usual));
        HashSet<string> nonces = [];
        for (uint i = 0; i < 10_000; i++)
        {
            byte[] raw = System.Buffers.Text.Base64Url.DecodeFromUtf8(Seal(ring, Usual with { Ordinal = i }));
            Assert.True(nonces.Add(Convert.ToHexString(raw.AsSpan(1, 12))));
        }
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        using TokenRing ring = TestApi.NewRing();
        byte[] token = Seal(ring, Usual);
        for (int bit = 0; bit < token.Length * 8; bit++)
        {
            byte[] forged = [.. token];
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(ring.TryOpen(forged, out _, out _));
        }
    }

    [Fact]
    public void Every_other_last_character_is_refused()
    {
        using TokenRing ring = TestApi.NewRing();
        for (int id = 1; id <= 3; id++)
        {
            byte[] token = Seal(ring, Usual with { ConsumerId = new string('c', id) });
            foreach (byte other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8)
            {
                byte[] changed = [.. token];
                changed[^1] = other;
                Assert.Equal(other == token[^1], ring.TryOpen(changed, out _, out _));
            }
        }
    }

    [Fact]
    public void Every_truncation_and_every_addition_is_refused()
    {
        using TokenRing ring = TestApi.NewRing();
        byte[] token = Seal(ring, Usual);
        for (int length = 0; length < token.Length; length++)
        {
            Assert.False(ring.TryOpen(token.AsSpan(0, length), out _, out _));
            Assert.False(ring.TryOpen(token.AsSpan(token.Length - length), out _, out _));
        }

        foreach (string more in new[] { "A", "AAAA", "=", "==", " ", "\n" })
        {
            Assert.False(ring.TryOpen([.. token, .. Encoding.ASCII.GetBytes(more)], out _, out _));
            Assert.False(ring.TryOpen([.. Encoding.ASCII.GetBytes(more), .. token], out _, out _));
        }
    }

    [Fact]
    public void Garbage_of_any_length_is_refused()
    {
        using TokenRing ring = TestApi.NewRing();
        Random random = new(20261110);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] garbage = new byte[random.Next(0, TokenRing.MaxTextBytes + 20)];
            random.NextBytes(garbage);
            if (i % 2 == 0)
            {
                garbage = [.. "AQ"u8, .. System.Buffers.Text.Base64Url.EncodeToUtf8(garbage)];
            }

            Assert.False(ring.TryOpen(garbage, out _, out _));
        }
    }

    [Fact]
    public void Another_secret_does_not_open_it()
    {
        using TokenRing ring = TestApi.NewRing();
        using TokenRing other = TestApi.NewRing(fill: 8);
        using TokenRing otherId = TestApi.NewRing(id: 2);
        Assert.False(other.TryOpen(Seal(ring, Usual), out _, out _));
        Assert.False(otherId.TryOpen(Seal(ring, Usual), out _, out _));
    }

    [Fact]
    public void The_newest_secret_seals_and_older_ones_still_open()
    {
        byte[] first = [.. Enumerable.Repeat((byte)1, 32)];
        byte[] second = [.. Enumerable.Repeat((byte)2, 32)];
        using TokenRing before = new([(1, first)]);
        using TokenRing rotated = new([(1, first), (2, second)]);
        using TokenRing retired = new([(2, second)]);
        Assert.True(rotated.TryOpen(Seal(before, Usual), out _, out _));
        Assert.False(before.TryOpen(Seal(rotated, Usual), out _, out _));
        Assert.True(retired.TryOpen(Seal(rotated, Usual), out _, out _));
        Assert.False(retired.TryOpen(Seal(before, Usual), out _, out _));
    }

    [Fact]
    public void A_ring_needs_sound_secrets()
    {
        Assert.Throws<ArgumentException>(() => new TokenRing([]));
        Assert.Throws<ArgumentException>(() => new TokenRing([(1, new byte[31])]));
        Assert.Throws<ArgumentException>(() => new TokenRing([(1, new byte[32]), (1, new byte[32])]));
    }

    [Fact]
    public void Sealing_allocates_nothing()
    {
        using TokenRing ring = TestApi.NewRing();
        byte[] text = new byte[TokenRing.MaxTextBytes];
        DecisionFacts facts = DecisionFacts.Of(Usual);
        ring.Seal(facts, TokenRealm.Live, text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            ring.Seal(facts, TokenRealm.Live, text);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Many_threads_may_use_one_ring()
    {
        using TokenRing ring = TestApi.NewRing();
        Parallel.For(0, 2000, i =>
        {
            DecisionRef decision = Usual with { Ordinal = (uint)i };
            Assert.True(ring.TryOpen(Seal(ring, decision), out DecisionRef? opened, out _));
            Assert.Equal(decision, opened);
        });
    }

    private static byte[] Seal(TokenRing ring, DecisionRef decision, TokenRealm realm = TokenRealm.Live)
    {
        byte[] text = new byte[TokenRing.MaxTextBytes];
        return text[..ring.Seal(DecisionFacts.Of(decision), realm, text)];
    }
}
