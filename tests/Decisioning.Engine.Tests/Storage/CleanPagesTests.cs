using System.Buffers.Binary;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Tests.Storage;

public sealed class CleanPagesTests
{
    private const int Cells = 10;
    private const int Content = 700;

    [Theory]
    [InlineData(0x0D)]
    [InlineData(0x0A)]
    public void Zeroes_exactly_the_unallocated_middle_of_a_leaf(byte mark)
    {
        byte[] page = Page(mark);
        byte[] before = [.. page];
        CleanPages.Clean(page);
        int from = 8 + (2 * Cells);
        Assert.True(page.AsSpan(0, from).SequenceEqual(before.AsSpan(0, from)));
        Assert.False(page.AsSpan(from, Content - from).ContainsAnyExcept((byte)0));
        Assert.True(page.AsSpan(Content).SequenceEqual(before.AsSpan(Content)));
    }

    [Theory]
    [InlineData(0x05)]
    [InlineData(0x02)]
    [InlineData(0x00)]
    public void Leaves_every_other_page_alone(byte mark)
    {
        byte[] page = Page(mark);
        byte[] before = [.. page];
        CleanPages.Clean(page);
        Assert.Equal(before, page);
    }

    [Fact]
    public void A_file_system_that_is_not_there_is_named() =>
        Assert.Contains("nowhere", Assert.Throws<StorageException>(() => VfsLayer.Over("nowhere", syncsData: false)).Message, StringComparison.Ordinal);

    private static byte[] Page(byte mark)
    {
        byte[] page = new byte[1024];
        Array.Fill(page, (byte)'r');
        page[0] = mark;
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(3), Cells);
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(5), Content);
        return page;
    }
}
