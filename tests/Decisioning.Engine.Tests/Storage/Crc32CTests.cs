using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

public sealed class Crc32CTests
{
    [Fact]
    public void Gives_the_published_check_value() => Assert.Equal(0xE306_9283u, Crc32C.Of("123456789"u8));

    [Fact]
    public void Gives_the_published_value_of_32_zeros() => Assert.Equal(0x8A91_36AAu, Crc32C.Of(new byte[32]));
}
