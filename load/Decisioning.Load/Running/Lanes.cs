using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Decisioning.Load.Http;

namespace Decisioning.Load.Running;

/// <summary>
/// The connections of one client, each with at most one call under way. Lost ones are opened again in the background. Some may be set apart for a second kind of caller:
/// the two then never wait for each other's.
/// </summary>
internal sealed class Lanes : IDisposable
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(100);

    private readonly IPEndPoint _server;
    private readonly IReadiness _readiness;
    private readonly Connection?[] _connections;
    private readonly Queue<int>[] _idle = [new(), new()];
    private readonly int _apartFrom;
    private readonly ConcurrentQueue<(int Lane, Connection Connection)> _opened = [];
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>Opens all connections; waits until they are.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="count">1 or more.</param>
    /// <param name="readiness">Is told of all.</param>
    /// <param name="apart">How many of them are the second kind of caller's alone, fewer than all.</param>
    /// <exception cref="SocketException">The server does not take them.</exception>
    public Lanes(IPEndPoint server, int count, IReadiness readiness, int apart = 0)
    {
        (_server, _readiness, _connections, Calls, SentAt, _apartFrom) = (server, readiness, new Connection?[count], new Call[count], new long[count], count - apart);
        for (int lane = 0; lane < count; lane++)
        {
            Take(lane, new Connection(server));
        }
    }

    public int Count => _connections.Length;

    /// <summary>How many are open.</summary>
    public int Open { get; private set; }

    /// <summary>How many have a call under way.</summary>
    public int Busy => Open - _idle[0].Count - _idle[1].Count;

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
    /// <param name="caller">Of which kind of caller: 0, or 1 for those set apart.</param>
    /// <param name="lane">The lane.</param>
    public bool TryTakeIdle(int caller, out int lane) => _idle[caller].TryDequeue(out lane);

    /// <summary>A lane's call is done.</summary>
    public void Free(int lane)
    {
        SentAt[lane] = 0;
        IdleOf(lane).Enqueue(lane);
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
        Queue<int> idle = IdleOf(lane);
        for (int left = idle.Count; left > 0; left--)
        {
            int other = idle.Dequeue();
            if (other != lane)
            {
                idle.Enqueue(other);
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
        IdleOf(lane).Enqueue(lane);
        Open++;
    }

    private Queue<int> IdleOf(int lane) => _idle[lane < _apartFrom ? 0 : 1];

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
