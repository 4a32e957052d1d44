using System.Net.Sockets;

namespace Decisioning.Load.Http;

/// <summary>Many watchers of brands over bare sockets, read by one thread that looks at what comes no more than to count it.</summary>
internal sealed class WatcherCrowd : IDisposable
{
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
            _watchers.Add(HubSocket.Connect(target.EndPoint, target.Host, key));
            HubSocket.Send(_watchers[n], $$"""{"type":1,"invocationId":"1","target":"WatchBrand","arguments":["{{brands[n % brands.Count]}}"]}""");
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

                Interlocked.Add(ref _messages, _buffer.AsSpan(0, length).Count(HubSocket.RecordSeparator));
            }
        }
    }
}
