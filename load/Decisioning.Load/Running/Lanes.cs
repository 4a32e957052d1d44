using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Decisioning.Load.Http;

namespace Decisioning.Load.Running;

/// <summary>The connections of one client, each with at most one call under way. Lost ones are opened again in the background.</summary>
internal sealed class Lanes : IDisposable
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(100);

    private readonly IPEndPoint _server;
    private readonly IReadiness _readiness;
    private readonly Connection?[] _connections;
    private readonly Queue<int> _idle = [];
    private readonly ConcurrentQueue<(int Lane, Connection Connection)> _opened = [];
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>Opens all connections; waits until they are.</summary>
    /// <exception cref="SocketException">The server does not take them.</exception>
    public Lanes(IPEndPoint server, int count, IReadiness readiness)
    {
        (_server, _readiness, _connections, Calls, SentAt) = (server, readiness, new Connection?[count], new Call[count], new long[count]);
        for (int lane = 0; lane < count; lane++)
        {
            Take(lane, new Connection(server));
        }
    }

    public int Count => _connections.Length;

    /// <summary>How many are open.</summary>
    public int Open { get; private set; }

    /// <summary>How many have a call under way.</summary>
    public int Busy => Open - _idle.Count;

    /// <summary>What is under way, by lane.</summary>
    public Call[] Calls { get; }

    /// <summary>When it was sent, by lane, in ticks of the machine's clock; 0: nothing is under way.</summary>
    public long[] SentAt { get; }

    /// <summary>Why a connection could not be opened again, the last time.</summary>
    public string? Fault { get; private set; }

    /// <summary>An open lane's connection.</summary>
    public Connection this[int lane] => _connections[lane]!;

    /// <summary>Whether a lane is open; it may close while others are looked at.</summary>
    public bool IsOpen(int lane) => _connections[lane] is not null;

    /// <summary>Takes the lane that was idle longest.</summary>
    public bool TryTakeIdle(out int lane) => _idle.TryDequeue(out lane);

    /// <summary>A lane's call is done.</summary>
    public void Free(int lane)
    {
        SentAt[lane] = 0;
        _idle.Enqueue(lane);
    }

    /// <summary>Gives the connection of a lane with a call under way up, and has it opened again.</summary>
    public void Reopen(int lane)
    {
        _readiness.Remove(_connections[lane]!.Socket, lane);
        _connections[lane]!.Dispose();
        _connections[lane] = null;
        SentAt[lane] = 0;
        Open--;
        _ = Task.Run(() => OpenAsync(lane));
    }

    /// <summary>Gives an idle lane's connection up, which the server closed, and has it opened again.</summary>
    public void ReopenIdle(int lane)
    {
        for (int left = _idle.Count; left > 0; left--)
        {
            int other = _idle.Dequeue();
            if (other != lane)
            {
                _idle.Enqueue(other);
            }
        }

        Reopen(lane);
    }

    /// <summary>Takes those that were opened again.</summary>
    public void TakeReopened()
    {
        while (Open < Count && _opened.TryDequeue(out (int Lane, Connection Connection) opened))
        {
            Take(opened.Lane, opened.Connection);
        }
    }

    public void Dispose()
    {
        _disposed.Cancel();
        foreach (Connection? connection in _connections)
        {
            connection?.Dispose();
        }
    }

    private void Take(int lane, Connection connection)
    {
        _connections[lane] = connection;
        _readiness.Add(connection.Socket, lane);
        _idle.Enqueue(lane);
        Open++;
    }

    private async Task OpenAsync(int lane)
    {
        while (!_disposed.IsCancellationRequested)
        {
            try
            {
                _opened.Enqueue((lane, new Connection(_server)));
                return;
            }
            catch (SocketException fault)
            {
                Fault = fault.SocketErrorCode.ToString();
                await Task.Delay(TryAgain);
            }
        }
    }
}
