using System.Net.Sockets;

namespace Decisioning.Load.Http;

/// <summary>By what every machine has: looking costs more with every socket, and waits below a millisecond are no waits, so that the thread spins.</summary>
internal sealed class SelectReadiness : IReadiness
{
    private readonly Dictionary<Socket, int> _tags = [];
    private readonly HashSet<Socket> _wantRoom = [];
    private readonly List<Socket> _readable = [];
    private readonly List<Socket> _writable = [];

    public void Add(Socket socket, int tag) => _tags.Add(socket, tag);

    public void WantRoom(Socket socket, int tag, bool wanted)
    {
        if (wanted)
        {
            _wantRoom.Add(socket);
        }
        else
        {
            _wantRoom.Remove(socket);
        }
    }

    public void Remove(Socket socket, int tag)
    {
        _tags.Remove(socket);
        _wantRoom.Remove(socket);
    }

    public int Wait(long microseconds, Span<int> ready)
    {
        _readable.Clear();
        _writable.Clear();
        _readable.AddRange(_tags.Keys);
        _writable.AddRange(_wantRoom);
        if (_readable.Count == 0)
        {
            return 0;
        }

        Socket.Select(_readable, _writable, null, (int)Math.Clamp(microseconds, 0, int.MaxValue));
        int count = 0;
        foreach (Socket socket in _readable.Union(_writable))
        {
            if (count < ready.Length)
            {
                ready[count++] = _tags[socket];
            }
        }

        return count;
    }

    public void Dispose()
    {
    }
}
