using System.Text;
using Decisioning.Load.Http;

namespace Decisioning.Load.Tests.Http;

public sealed class ReplyReaderTests
{
    public static readonly TheoryData<string, int, string> Whole = new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello" },
        { "HTTP/1.1 200 OK\r\nDate: now\r\ncontent-length:5 \r\nServer: s\r\n\r\nhello", 200, "hello" },
        { "HTTP/1.1 302 Found\r\nLocation: http://a/\r\nContent-Length: 0\r\n\r\n", 302, "" },
        { "HTTP/1.1 204 No Content\r\n\r\n", 204, "" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", 200, "hello" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\nA: b\r\n\r\n", 200, "" },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public void A_reply_is_read_once_its_last_byte_is_there(string text, int status, string body)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] part = bytes[..length];
            Assert.False(ReplyReader.TryRead(part, out _), $"The first {length} bytes were taken for the whole.");
            Assert.Equal(bytes[..length], part);
        }

        Assert.True(ReplyReader.TryRead(bytes, out Reply reply));
        Assert.Equal((status, body), (reply.Status, Encoding.ASCII.GetString(reply.Body)));
        Assert.False(reply.Closes || reply.HasRetryAfter);
    }

    [Fact]
    public void It_says_whether_to_come_back_and_whether_the_connection_closes()
    {
        byte[] bytes = Encoding.ASCII.GetBytes("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

        Assert.True(ReplyReader.TryRead(bytes, out Reply reply));
        Assert.True(reply.Closes && reply.HasRetryAfter);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n")]
    public void What_is_no_reply_is_not_read(string text) =>
        Assert.Throws<InvalidDataException>(() => ReplyReader.TryRead(Encoding.ASCII.GetBytes(text), out _));
}
