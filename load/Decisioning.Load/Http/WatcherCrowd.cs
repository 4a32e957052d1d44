using System.Net.Sockets;
using System.Text;

namespace Decisioning.Load.Http;

/// <summary>Many watchers of brands over bare sockets, read by one thread that looks at what comes no more than to count it.</summary>
internal sealed class WatcherCrowd : IDisposable
{
    /// <summary>Ends every message.</summary>
    private const byte RecordSeparator = 0x1E;

    private const int WaitMicroseconds = 50_000;

    private readonly List<Socket> _watchers = [];
    private readonly byte[] _buffer = new byte[1 << 18];
    private readonly Thread _reader;
    private volatile bool _done;
    private long _messages;

    /// <summary>Connects them all, each to one brand in turn.</summary>
    /// <param name="key">With the role of a watcher; null: none.</param>
    /// <param name="count">From 1.</param>
    /// <param name="brands">At least one.</param>
    /// <exception cref="SocketException">The server does not take them.</exception>
    /// <exception cref="InvalidDataException">The hub refuses them.</exception>
    public WatcherCrowd(TargetAddress target, string? key, int count, IReadOnlyList<string> brands)
    {
        for (int n = 0; n < count; n++)
        {
            _watchers.Add(Connect(target, key));
            Send(_watchers[n], $$"""{"type":1,"invocationId":"1","target":"WatchBrand","arguments":["{{brands[n % brands.Count]}}"]}""");
        }

        _reader = new Thread(ReadAll) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>Messages that have come since the last time, answers to calls and pings among them.</summary>
    public long TakeMessages() => Interlocked.Exchange(ref _messages, 0);

    public void Dispose()
    {
        _done = true;
        _reader.Join();
        _watchers.ForEach(w => w.Dispose());
    }

    private static Socket Connect(TargetAddress target, string? key)
    {
        Socket socket = new(target.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(target.EndPoint);
        socket.Send(Encoding.ASCII.GetBytes(
            $"GET /hubs/pulse HTTP/1.1\r\nHost: {target.Host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
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

    private static void Send(Socket socket, string record)
    {
        const int Text = 0x81;
        const int Masked = 0x80;
        byte[] payload = [.. Encoding.ASCII.GetBytes(record), RecordSeparator];

        // A client masks what it sends; a mask of zeros leaves it as it is. From 126 bytes on the length has two bytes of its own.
        byte[] length = payload.Length < 126 ? [(byte)(Masked | payload.Length)] : [Masked | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        socket.Send([Text, .. length, 0, 0, 0, 0, .. payload]);
    }

    private void ReadAll()
    {
        using IReadiness readiness = IReadiness.Open();
        for (int n = 0; n < _watchers.Count; n++)
        {
            readiness.Add(_watchers[n], n);
        }

        int[] ready = new int[128];
        while (!_done)
        {
            int count = readiness.Wait(WaitMicroseconds, ready);
            for (int i = 0; i < count; i++)
            {
                Socket socket = _watchers[ready[i]];
                int length = socket.Receive(_buffer, SocketFlags.None, out SocketError error);
                if (length == 0 || error != SocketError.Success)
                {
                    readiness.Remove(socket, ready[i]);
                    continue;
                }

                Interlocked.Add(ref _messages, _buffer.AsSpan(0, length).Count(RecordSeparator));
            }
        }
    }
}
