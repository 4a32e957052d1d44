using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Decisioning.Benchmarks.Http.Client;

/// <summary>One kept-alive HTTP/1.1 connection with at most one request under way.</summary>
internal sealed class Connection : IDisposable
{
    private const int LargestAnswer = 1 << 18;

    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[LargestAnswer];
    private int _received;

    public Connection(IPEndPoint server, int requestLength)
    {
        _request = new byte[requestLength];
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(server);
    }

    public Socket Socket { get; }

    /// <summary>To be filled before <see cref="Send"/>.</summary>
    public Span<byte> Request => _request;

    public void Send()
    {
        _received = 0;
        for (int sent = 0; sent < _request.Length;)
        {
            sent += Socket.Send(_request.AsSpan(sent));
        }
    }

    /// <summary>Takes what has come; true where the answer is whole.</summary>
    /// <param name="body">The answer's body, good until the next <see cref="Send"/>.</param>
    /// <exception cref="InvalidOperationException">The answer is not 200.</exception>
    public bool TryReceive(out ReadOnlySpan<byte> body)
    {
        int count = Socket.Receive(_answer.AsSpan(_received));
        if (count == 0)
        {
            throw new InvalidOperationException("The server closed the connection.");
        }

        _received += count;
        ReadOnlySpan<byte> answer = _answer.AsSpan(0, _received);
        int head = answer.IndexOf("\r\n\r\n"u8);
        body = default;
        if (head < 0 || answer.Length < head + 4 + BodyLength(answer[..head]))
        {
            return false;
        }

        body = answer[(head + 4)..];
        return answer.StartsWith("HTTP/1.1 200"u8)
            ? true
            : throw new InvalidOperationException($"The server answered: {Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, 1_000)])}");
    }

    public void Dispose() => Socket.Dispose();

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        int at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidOperationException("The answer has no Content-Length.");
    }
}
