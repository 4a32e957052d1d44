using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Decisioning.Load.Arrivals;
using Decisioning.Load.Http;

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
            Connection connection = new(server);
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
                if (!IsAnswered(connection, out Reply reply))
                {
                    continue;
                }

                answered++;
                unlike += reply.Body.IndexOf(_expected) < 0 ? 1 : 0;
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
        _request.Write(connection.Room(_request.Length), _consumers, ref _nextEvent);
        if (!connection.Send(_request.Length))
        {
            throw new InvalidOperationException("A request is larger than what a connection takes at once.");
        }
    }

    private static bool IsAnswered(Connection connection, out Reply reply) => connection.TryReceive(out reply) switch
    {
        Received.NotYet => false,
        Received.Reply when reply.Status == 200 => true,
        Received.Reply => throw new InvalidOperationException($"The server answered with {reply.Status}: {Encoding.UTF8.GetString(reply.Body)}"),
        _ => throw new InvalidOperationException($"A connection is lost: {connection.Fault}."),
    };
}
