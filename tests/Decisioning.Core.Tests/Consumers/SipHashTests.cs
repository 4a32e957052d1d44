using Decisioning.Core.Consumers;

namespace Decisioning.Core.Tests.Consumers;

public sealed class SipHashTests
{
    // Vectors from the reference implementation: key 00 to 0f, input 00, 01, … of the given length.
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void SipHash_gives_the_published_values(int length, ulong expected)
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        Assert.Equal(expected, SipHash.Keyed(key).Of(data));
    }
}
