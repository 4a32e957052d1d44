using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Decisioning.Load.Http;

/// <summary>A watcher's connection to the hub, over a bare socket.</summary>
internal static class HubSocket
{
    /// <summary>Ends every message.</summary>
    public const byte RecordSeparator = 0x1E;

    /// <summary>A connection to the hub that has agreed on its protocol.</summary>
    /// <param name="host">What the request names as its host.</param>
    /// <param name="key">With the role of a watcher; null: none.</param>
    /// <exception cref="SocketException">The server does not take it.</exception>
    /// <exception cref="InvalidDataException">The hub refuses it.</exception>
    public static Socket Connect(IPEndPoint server, string host, string? key)
    {
        Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        socket.Send(Encoding.ASCII.GetBytes(
            $"GET /hubs/pulse HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{(key is null ? "" : $"X-Api-Key: {key}\r\n")}\r\n"));
        byte[] answer = new byte[4_096];
        int length = 0;
        while (answer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            int count = socket.Receive(answer.AsSpan(length));
            length += count > 0 ? count : throw new InvalidDataException("The hub closed the connection of a watcher.");
        }

        if (!answer.AsSpan().StartsWith("HTTP/1.1 101"u8))
        {
            throw new InvalidDataException($"The hub answered a watcher: {Encoding.ASCII.GetString(answer, 0, length)}");
        }

        Send(socket, """{"protocol":"json","version":1}""");
        return socket;
    }

    /// <summary>Sends one message.</summary>
    public static void Send(Socket socket, string record)
    {
        const int Text = 0x81;
        const int Masked = 0x80;
        byte[] payload = [.. Encoding.ASCII.GetBytes(record), RecordSeparator];

        // A client masks what it sends; a mask of zeros leaves it as it is. From 126 bytes on the length has two bytes of its own.
        byte[] length = payload.Length < 126 ? [(byte)(Masked | payload.Length)] : [Masked | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        socket.Send([Text, .. length, 0, 0, 0, 0, .. payload]);
    }
}
