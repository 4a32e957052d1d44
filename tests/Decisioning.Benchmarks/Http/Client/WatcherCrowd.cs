using System.Net;
using System.Net.Sockets;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Load.Http;

namespace Decisioning.Benchmarks.Http.Client;

/// <summary>Many watchers over bare sockets, read by one thread that looks at what comes no more than to count it.</summary>
internal sealed class WatcherCrowd : IDisposable
{
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

    /// <summary>A connection to the hub of a benchmark's server.</summary>
    public static Socket Connect(IPEndPoint server) => HubSocket.Connect(server, server.ToString(), BenchmarkServer.Key);

    private void CallAll(string method)
    {
        foreach ((Socket socket, string brand) in _watchers)
        {
            HubSocket.Send(socket, $$"""{"type":1,"invocationId":"1","target":"{{method}}","arguments":["{{brand}}"]}""");
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
                Interlocked.Add(ref _messages, _buffer.AsSpan(0, count).Count(HubSocket.RecordSeparator));
            }
        }
    }
}
