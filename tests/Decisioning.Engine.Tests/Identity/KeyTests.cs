using Decisioning.Core.Consumers;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Tests.Storage;

namespace Decisioning.Engine.Tests.Identity;

public sealed class KeyTests
{
    /// <summary>Vectors of the authors' reference implementation: key 00 01 … 0f, input 00 01 … of the length.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void The_keyed_hash_is_siphash_2_4(int length, ulong expected)
    {
        EngineSecret secret = new(new SipHash(0x0706050403020100, 0x0f0e0d0c0b0a0908), default, 0);
        byte[] input = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        Assert.Equal(expected, new KeyedConsumerHash(secret).Of(input));
    }

    [Fact]
    public void A_contextual_mark_and_a_consumer_of_the_same_bytes_have_different_hashes()
    {
        KeyedConsumerHash hash = new(EngineSecret.Create());
        Assert.NotEqual(hash.Of("x"u8), hash.OfContextual("x"u8));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1024)]
    public void The_next_key_stays_in_the_shard_and_is_never_nobody_s(int shards)
    {
        KeySpace space = new(shards);
        ulong[] keys = [1, ulong.MaxValue, ulong.MaxValue >> 1, (1UL << 54) - 1, (1UL << 62) - 1, 0x8000_0000_0000_0000];
        foreach (ulong key in keys)
        {
            Assert.Equal(space.ShardOf(key), space.ShardOf(space.Next(key)));
            Assert.NotEqual(0UL, space.Next(key));
            Assert.NotEqual(key, space.Next(key));
        }

        Assert.Equal(1UL, KeySpace.First(0));
    }

    [Fact]
    public void The_secret_is_made_once_for_its_owner_alone_and_kept()
    {
        using TestFolder folder = new();
        EngineSecret made = EngineSecret.Open(folder.Path);
        Assert.Equal(made, EngineSecret.Open(folder.Path));
        Assert.NotEqual(made, EngineSecret.Create());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File(EngineSecret.FileName)));
        }

        File.WriteAllBytes(folder.File(EngineSecret.FileName), [1, 2, 3]);
        Assert.Throws<InvalidDataException>(() => EngineSecret.Open(folder.Path));
    }
}
