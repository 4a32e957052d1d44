using Decisioning.Load.Http;
using Decisioning.Load.Running;

namespace Decisioning.Load.Compare;

/// <summary>What a round came to.</summary>
/// <param name="Answered">Replies with 200.</param>
/// <param name="Decided">Those of them with a decision.</param>
/// <param name="Failed">All other replies, and lost connections.</param>
/// <param name="Seconds">How long it took.</param>
internal readonly record struct LoopRound(long Answered, long Decided, long Failed, double Seconds)
{
    public double PerSecond => Answered / Seconds;
}

/// <summary>
/// As many decisions as a server can answer: every connection asks again as soon as it is answered. Good for throughput alone; how long an answer takes is for the open
/// loop to say.
/// </summary>
internal sealed class ClosedLoop : IDisposable
{
    private const int MostReady = 128;
    private const long LongestWait = 1_000_000;
    private const double Endless = 1e6;

    private readonly IReadiness _readiness = IReadiness.Open();
    private readonly Lanes _lanes;
    private readonly Visits _visits;
    private readonly RequestWriter _writer;
    private readonly TokenStore _tokens = new();
    private readonly int[] _ready = new int[MostReady];

    /// <param name="plan">Whose scenario asks for decisions alone.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The server does not take the connections.</exception>
    public ClosedLoop(LoadPlan plan, TargetAddress target)
    {
        _lanes = new Lanes(target.EndPoint, plan.Connections, _readiness);
        _writer = new RequestWriter(plan, target.Host);
        _visits = new Visits(plan);
        _visits.Begin(new Segment(0, 0, Endless, 0, Endless, Level: true));
    }

    /// <summary>Asks for so long, and returns when the last request is answered. For a thread of its own.</summary>
    public LoopRound Run(double seconds)
    {
        long start = Ticks.Now, end = start + Ticks.Of(seconds);
        long answered = 0, decided = 0, failed = 0;
        _lanes.TakeReopened();
        while (_lanes.TryTakeIdle(0, out int lane))
        {
            Send(lane);
        }

        while (_lanes.Busy > 0)
        {
            int count = _readiness.Wait(LongestWait, _ready);
            foreach (int lane in _ready.AsSpan(0, count))
            {
                Received received = _lanes[lane].TryReceive(out Reply reply);
                if (received == Received.NotYet)
                {
                    continue;
                }

                bool fine = received == Received.Reply && reply.Status == 200;
                answered += fine ? 1 : 0;
                failed += fine ? 0 : 1;
                decided += fine && reply.Body.IndexOf("\"decisionId\""u8) >= 0 ? 1 : 0;
                Next(lane, received, Ticks.Now < end);
            }
        }

        return new LoopRound(answered, decided, failed, Ticks.Seconds(Ticks.Now - start));
    }

    public void Dispose()
    {
        _lanes.Dispose();
        _readiness.Dispose();
    }

    private void Next(int lane, Received received, bool more)
    {
        if (received == Received.Lost)
        {
            _lanes.Reopen(lane);
        }
        else if (more)
        {
            Send(lane);
        }
        else
        {
            _lanes.Free(lane);
        }
    }

    // A request is far smaller than what a socket takes at once.
    private void Send(int lane)
    {
        Connection connection = _lanes[lane];
        connection.Send(_writer.Write(connection, _visits.Next, _tokens));
        _visits.Advance();
    }
}
