using System.Net;
using System.Net.Sockets;

namespace Decisioning.Load.Http;

/// <summary>What came of an attempt to receive.</summary>
internal enum Received
{
    /// <summary>The reply is not whole yet.</summary>
    NotYet,

    /// <summary>A whole reply.</summary>
    Reply,

    /// <summary>The connection is gone, or what came is no reply.</summary>
    Lost,
}

/// <summary>One kept-alive HTTP/1.1 connection with at most one request under way, that never waits. Used by one thread.</summary>
internal sealed class Connection : IDisposable
{
    private const int FirstRequest = 2_048;
    private const int FirstReply = 16_384;

    private byte[] _request = new byte[FirstRequest];
    private byte[] _reply = new byte[FirstReply];
    private int _length;
    private int _sent;
    private int _received;

    /// <summary>Connects; waits until it is.</summary>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public Connection(IPEndPoint server)
    {
        Socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Socket.Connect(server);
            Socket.Blocking = false;
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
    }

    public Socket Socket { get; }

    /// <summary>Why the connection is lost; null while it is not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Room for a request.</summary>
    /// <param name="atMost">Bytes.</param>
    public Span<byte> Room(int atMost)
    {
        if (_request.Length < atMost)
        {
            _request = new byte[atMost];
        }

        return _request.AsSpan(0, atMost);
    }

    /// <summary>The request that is under way.</summary>
    public ReadOnlySpan<byte> Request => _request.AsSpan(0, _length);

    /// <summary>Whether all of it is on its way.</summary>
    public bool IsSent => _sent == _length || Fault is not null;

    /// <summary>Begins to send what was written into <see cref="Room"/>; true where all of it is on its way, false where <see cref="Flush"/> must be called once there is room.</summary>
    /// <param name="length">Of the request, bytes.</param>
    public bool Send(int length)
    {
        (_length, _sent, _received) = (length, 0, 0);
        return Flush();
    }

    /// <summary>Sends what could not be sent at once; true where nothing is left. A lost connection has nothing left either: receiving says so.</summary>
    public bool Flush()
    {
        while (_sent < _length)
        {
            int sent = Socket.Send(_request.AsSpan(_sent, _length - _sent), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return false;
            }

            if (error != SocketError.Success)
            {
                Fault = $"sending failed: {error}";
                return true;
            }

            _sent += sent;
        }

        return true;
    }

    /// <summary>Takes what has come.</summary>
    /// <param name="reply">The reply, where it is whole.</param>
    public Received TryReceive(out Reply reply)
    {
        reply = default;
        if (_received == _reply.Length)
        {
            Array.Resize(ref _reply, _reply.Length * 2);
        }

        int count = Socket.Receive(_reply.AsSpan(_received), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return Fault is null ? Received.NotYet : Received.Lost;
        }

        if (error != SocketError.Success || count == 0)
        {
            Fault ??= error == SocketError.Success ? "the server closed the connection" : $"receiving failed: {error}";
            return Received.Lost;
        }

        _received += count;
        try
        {
            return ReplyReader.TryRead(_reply.AsSpan(0, _received), out reply) ? Received.Reply : Received.NotYet;
        }
        catch (InvalidDataException fault)
        {
            Fault = fault.Message;
            return Received.Lost;
        }
    }

    public void Dispose() => Socket.Dispose();
}
