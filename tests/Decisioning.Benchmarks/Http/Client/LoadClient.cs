using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Decisioning.Benchmarks.Http.Client;

/// <summary>What a round of load came to.</summary>
/// <param name="Requests">Answered with 200 within the round.</param>
/// <param name="Elapsed">How long the round took.</param>
/// <param name="ClientCpu">What the client's thread spent beyond waiting.</param>
/// <param name="Unlike">Answers without what every answer was expected to hold.</param>
internal readonly record struct LoadResult(long Requests, TimeSpan Elapsed, TimeSpan ClientCpu, long Unlike)
{
    public double PerSecond => Requests / Elapsed.TotalSeconds;

    /// <summary>Near 1 the client, not the server, is what was measured.</summary>
    public double ClientShare => ClientCpu / Elapsed;
}

/// <summary>
/// A closed loop over a number of connections, each with one request under way, on the calling thread alone. Good for how much a server can answer,
/// not for how long an answer takes.
/// </summary>
internal sealed class LoadClient : IDisposable
{
    private const int WaitMicroseconds = 1_000_000;

    private readonly RequestTemplate _request;
    private readonly IConsumerChoice _consumers;
    private readonly byte[] _expected;
    private readonly Dictionary<Socket, Connection> _connections = [];
    private long _nextEvent;

    /// <param name="server">Where the load goes.</param>
    /// <param name="connections">Opened at once.</param>
    /// <param name="request">What is asked over and over.</param>
    /// <param name="consumers">For whom.</param>
    /// <param name="expected">What every answer is to hold.</param>
    public LoadClient(IPEndPoint server, int connections, RequestTemplate request, IConsumerChoice consumers, ReadOnlySpan<byte> expected)
    {
        _request = request;
        _consumers = consumers;
        _expected = expected.ToArray();
        for (int i = 0; i < connections; i++)
        {
            Connection connection = new(server, request.Length);
            _connections.Add(connection.Socket, connection);
        }
    }

    /// <summary>Asks for so long, and returns when the last request is answered.</summary>
    public LoadResult Run(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan waited = default;
        long answered = 0;
        long unlike = 0;
        foreach (Connection connection in _connections.Values)
        {
            Send(connection);
        }

        HashSet<Socket> busy = [.. _connections.Keys];
        List<Socket> ready = [];
        while (busy.Count > 0)
        {
            ready.Clear();
            ready.AddRange(busy);
            long before = Stopwatch.GetTimestamp();
            Socket.Select(ready, null, null, WaitMicroseconds);
            waited += Stopwatch.GetElapsedTime(before);
            foreach (Socket socket in ready)
            {
                Connection connection = _connections[socket];
                if (!connection.TryReceive(out ReadOnlySpan<byte> body))
                {
                    continue;
                }

                answered++;
                unlike += body.IndexOf(_expected) < 0 ? 1 : 0;
                if (Stopwatch.GetElapsedTime(start) < duration)
                {
                    Send(connection);
                }
                else
                {
                    busy.Remove(socket);
                }
            }
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return new LoadResult(answered, elapsed, elapsed - waited, unlike);
    }

    public void Dispose()
    {
        foreach (Connection connection in _connections.Values)
        {
            connection.Dispose();
        }
    }

    private void Send(Connection connection)
    {
        _request.Write(connection.Request, _consumers, ref _nextEvent);
        connection.Send();
    }
}
