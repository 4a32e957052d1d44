using System.Net;
using System.Net.Sockets;
using System.Text;
using Decisioning.Load.Http;

namespace Decisioning.Benchmarks.Http.Client;

/// <summary>One watcher of one brand, who reads every frame until it finds how many are in a stage.</summary>
internal sealed class StageWatcher : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _length;

    public StageWatcher(IPEndPoint server, string brand)
    {
        _socket = WatcherCrowd.Connect(server);
        HubSocket.Send(_socket, $$"""{"type":1,"invocationId":"1","target":"WatchBrand","arguments":["{{brand}}"]}""");
    }

    /// <summary>Blocks until a frame has come that says so.</summary>
    /// <param name="stage">A fine stage.</param>
    /// <param name="count">How many are in it.</param>
    /// <param name="patience">For any bytes at all.</param>
    public void WaitFor(string stage, int count, TimeSpan patience)
    {
        _socket.ReceiveTimeout = (int)patience.TotalMilliseconds;
        byte[] sought = Encoding.ASCII.GetBytes($"\"{stage}\":{count},");
        while (_buffer.AsSpan(0, _length).IndexOf(sought) < 0)
        {
            // What stood before the last message's beginning is done with.
            int last = _buffer.AsSpan(0, _length).LastIndexOf(HubSocket.RecordSeparator) + 1;
            _buffer.AsSpan(last, _length - last).CopyTo(_buffer);
            _length -= last;
            int received = _socket.Receive(_buffer.AsSpan(_length));
            _length += received > 0 ? received : throw new InvalidOperationException("The hub closed the connection.");
        }
    }

    public void Dispose() => _socket.Dispose();
}
