using System.Net;
using System.Net.Sockets;
using System.Text;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;

namespace Decisioning.Benchmarks.Http.Client;

/// <summary>Many watchers over bare sockets, read by one thread that looks at what comes no more than to count it.</summary>
internal sealed class WatcherCrowd : IDisposable
{
    /// <summary>Ends every message.</summary>
    public const byte RecordSeparator = 0x1E;

    private readonly List<(Socket Socket, string Brand)> _watchers = [];
    private readonly byte[] _buffer = new byte[1 << 18];
    private readonly Thread _reader;
    private readonly ManualResetEventSlim _done = new();
    private long _messages;
    private long _bytes;

    /// <param name="server">Where the hub is.</param>
    /// <param name="count">How many connect.</param>
    /// <param name="brands">What they watch in turn.</param>
    public WatcherCrowd(IPEndPoint server, int count, int brands)
    {
        for (int n = 0; n < count; n++)
        {
            _watchers.Add((Connect(server), Catalogues.IdOf(n % brands)));
        }

        _reader = new Thread(ReadAll) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>Messages that have come so far, answers to calls and pings among them.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Watch() => CallAll("WatchBrand");

    public void Unwatch() => CallAll("UnwatchBrand");

    public void Dispose()
    {
        _done.Set();
        _reader.Join();
        _done.Dispose();
        foreach ((Socket socket, _) in _watchers)
        {
            socket.Dispose();
        }
    }

    /// <summary>A connection to the hub that has agreed on its protocol.</summary>
    public static Socket Connect(IPEndPoint server)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        socket.Send(Encoding.ASCII.GetBytes(
            "GET /hubs/pulse HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nX-Api-Key: {BenchmarkServer.Key}\r\n\r\n"));
        byte[] answer = new byte[4096];
        int length = 0;
        while (answer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            length += socket.Receive(answer.AsSpan(length));
        }

        if (!answer.AsSpan().StartsWith("HTTP/1.1 101"u8))
        {
            throw new InvalidOperationException($"The hub answered: {Encoding.ASCII.GetString(answer, 0, length)}");
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

        // A client masks what it sends; a mask of zeros leaves it as it is.
        socket.Send([Text, (byte)(Masked | payload.Length), 0, 0, 0, 0, .. payload]);
    }

    private void CallAll(string method)
    {
        foreach ((Socket socket, string brand) in _watchers)
        {
            Send(socket, $$"""{"type":1,"invocationId":"1","target":"{{method}}","arguments":["{{brand}}"]}""");
        }
    }

    private void ReadAll()
    {
        const int WaitMicroseconds = 20_000;
        const int PauseMilliseconds = 20;
        Cores.UseClients();
        List<Socket> ready = [];

        // Frames come four times a second: looking for them all the time would take the core from the load.
        while (!_done.Wait(PauseMilliseconds))
        {
            ready.Clear();
            ready.AddRange(_watchers.Select(w => w.Socket));
            Socket.Select(ready, null, null, WaitMicroseconds);
            foreach (Socket socket in ready)
            {
                int count = socket.Receive(_buffer);
                Interlocked.Add(ref _bytes, count);
                Interlocked.Add(ref _messages, _buffer.AsSpan(0, count).Count(RecordSeparator));
            }
        }
    }
}
