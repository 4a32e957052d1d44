using Decisioning.Load.Http;

namespace Decisioning.Load.Running;

/// <summary>
/// One client: one thread that sends every call at its intended instant, or as soon as a connection is free, and never because another was answered. What waits for a
/// connection waits in a queue, and its latency runs on.
/// </summary>
internal sealed class ClientLoop : IDisposable
{
    private const int MostReady = 128;

    /// <summary>How often timeouts are looked for, and how long a wait is at most.</summary>
    private static readonly long Sweep = Ticks.Of(0.05);

    /// <summary>So long without any connection, the server is taken for gone.</summary>
    private static readonly long GivenUpAfter = Ticks.Of(3);

    private readonly LoadPlan _plan;
    private readonly IAnswerWatch _watch;
    private readonly FrameBelt _belt;
    private readonly IReadiness _readiness = IReadiness.Open();
    private readonly Lanes _lanes;
    private readonly Visits _visits;
    private readonly FollowUps _followUps;
    private readonly RequestWriter _writer;
    private readonly BrandChanges _changes;
    private readonly Queue<Call>[] _queues = [new(), new()];
    private readonly int _apart;
    private readonly int[] _ready = new int[MostReady];
    private readonly long _timeout;

    private Segment _segment = new(0, 0, 0, 0, 0, false);
    private Frame _frame;
    private long _measuredFrom;
    private long _visitsEnd;
    private long _frameStart;
    private long _frameEnd;
    private long _waited;
    private long _nextSweep;
    private long _downSince;

    /// <summary>Opens the connections.</summary>
    /// <param name="watch">Sees every answer.</param>
    /// <param name="belt">Takes the figures, second by second.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The server does not take the connections.</exception>
    public ClientLoop(LoadPlan plan, TargetAddress target, IAnswerWatch watch, FrameBelt belt)
    {
        (_plan, _watch, _belt) = (plan, watch, belt);
        _apart = plan.Scenario.OnlyDecides ? 0 : plan.Connections / 2;
        _lanes = new Lanes(target.EndPoint, plan.Connections, _readiness, _apart);
        _visits = new Visits(plan);
        _followUps = new FollowUps(plan, _visits);
        _writer = new RequestWriter(plan, target.Host);
        _changes = new BrandChanges(plan, target.Host);
        _timeout = Ticks.Of(plan.Timeout);
        _frame = belt.TakeEmpty();
    }

    /// <summary>Numbers that were given to those who were never seen before.</summary>
    public int Fresh => _visits.Fresh;

    /// <summary>Runs a segment to its end, every call of it answered or given up. For a thread of its own, which then stays ahead of others.</summary>
    /// <param name="stop">Ends it at once.</param>
    /// <returns>Why it ended early; null where it did not.</returns>
    public string? Run(Segment segment, CancellationToken stop)
    {
        FirstInLine.Step();
        Begin(segment);
        string? early = null;
        while (early is null && !IsOver(Ticks.Now))
        {
            long now = Ticks.Now;
            TakeDue(now);
            Send(now);
            Wait(now);
            now = Ticks.Now;
            if (now >= _nextSweep)
            {
                _nextSweep = now + Sweep;
                GiveUp(now);
                early = EarlyEnd(now, stop);
            }

            if (now >= _frameEnd)
            {
                Roll(now);
            }
        }

        _followUps.Clear();
        CountUnsent();
        Roll(Ticks.Now);
        return early;
    }

    public void Dispose()
    {
        _lanes.Dispose();
        _readiness.Dispose();
    }

    private void Begin(Segment segment)
    {
        _segment = segment;
        _measuredFrom = segment.Start + Ticks.Of(segment.Warmup);
        _visitsEnd = segment.Start + Ticks.Of(segment.Warmup + segment.Seconds);
        (_frameStart, _frameEnd, _waited, _nextSweep, _downSince) = (segment.Start, segment.Start + Ticks.Of(1), 0, segment.Start, 0);
        _visits.Begin(segment);
        _frame.Second = 0;
    }

    // What follows later than the last visit belongs to nobody's measured time.
    private bool IsOver(long now) => now >= _visitsEnd && _visits.Next.Due == long.MaxValue && _queues.All(static q => q.Count == 0) && _lanes.Busy == 0;

    private void TakeDue(long now)
    {
        while (_visits.Next.Due <= now)
        {
            Enqueue(_visits.Next, now);
            _visits.Advance();
        }

        while (_followUps.NextDue <= now)
        {
            Call call = _followUps.Take();
            if (call.Due >= _visitsEnd)
            {
                _followUps.Done(call);
            }
            else
            {
                Enqueue(call, now);
            }
        }
    }

    private void Enqueue(in Call call, long now)
    {
        _queues[CallerOf(call.Kind)].Enqueue(call);
        if (Counts(call, now))
        {
            _frame.Series[(int)call.Kind].Offered++;
            _frame.Lag.Record(Ticks.Microseconds(now - call.Due));
        }
    }

    // Front ends ask; shops, browsers and editors tell, and wait for the disk. They are different callers, with connections of their own where there are two or more.
    private int CallerOf(CallKind kind) => _apart > 0 && kind is (CallKind.Events or CallKind.Trackers or CallKind.Changes) ? 1 : 0;

    private void Send(long now)
    {
        _lanes.TakeReopened();
        for (int caller = 0; caller < _queues.Length; caller++)
        {
            Send(caller, now);
        }
    }

    private void Send(int caller, long now)
    {
        Queue<Call> queue = _queues[caller];
        while (queue.Count > 0 && _lanes.TryTakeIdle(caller, out int lane))
        {
            Call call = queue.Dequeue();
            Connection connection = _lanes[lane];
            if (call.Kind == CallKind.Decisions && !_followUps.TryAsk(ref call))
            {
                Forget(call, now);
                _lanes.Free(lane);
                continue;
            }

            int length = call.Kind == CallKind.Changes ? RequestWriter.WriteWhole(connection, _changes.RequestOf(call.Number)) : _writer.Write(connection, call, _followUps.Tokens);
            _lanes.Calls[lane] = call;
            _lanes.SentAt[lane] = now;
            if (!connection.Send(length))
            {
                _readiness.WantRoom(connection.Socket, lane, true);
            }
        }
    }

    private void Wait(long now)
    {
        long until = Math.Min(Math.Min(_visits.Next.Due, _followUps.NextDue), Math.Min(_nextSweep, _frameEnd));
        int count = _readiness.Wait(until > now ? Ticks.Microseconds(until - now) : 0, _ready);
        long woke = Ticks.Now;
        _waited += until > now ? woke - now : 0;
        for (int i = 0; i < count; i++)
        {
            if (_lanes.IsOpen(_ready[i]))
            {
                Receive(_ready[i]);
            }
        }
    }

    private void Receive(int lane)
    {
        Connection connection = _lanes[lane];
        if (!connection.IsSent)
        {
            if (connection.Flush())
            {
                _readiness.WantRoom(connection.Socket, lane, false);
            }

            return;
        }

        Received received = connection.TryReceive(out Reply reply);
        if (received == Received.NotYet)
        {
            return;
        }

        long now = Ticks.Now;
        if (received == Received.Lost)
        {
            Lose(lane, now);
            return;
        }

        Take(lane, reply, now);
        if (reply.Closes)
        {
            _lanes.Reopen(lane);
        }
        else
        {
            _lanes.Free(lane);
        }
    }

    private void Take(int lane, in Reply reply, long now)
    {
        Call call = _lanes.Calls[lane];
        bool served = IsServed(call, reply.Status);
        if (call.Kind == CallKind.Decisions)
        {
            _followUps.Answered(call);
        }

        if (served)
        {
            Follow(lane, call, reply, now);
        }

        if (Counts(call, now))
        {
            Count(call, reply, served, now, _lanes.SentAt[lane]);
        }

        _followUps.Done(call);
    }

    private void Count(in Call call, in Reply reply, bool served, long now, long sentAt)
    {
        SeriesFrame series = _frame.Series[(int)call.Kind];
        if (served)
        {
            series.Served++;
            series.InTime += now < _visitsEnd ? 1 : 0;
            series.Latency.Record(Ticks.Microseconds(now - call.Due));
            if (call.Kind == CallKind.Decisions)
            {
                _frame.FromSending.Record(Ticks.Microseconds(now - sentAt));
            }
        }
        else if (reply is { Status: 429 or 503, HasRetryAfter: true })
        {
            series.Refused++;
        }
        else
        {
            series.Fail(reply.Status);
        }
    }

    private void Follow(int lane, in Call call, in Reply reply, long now)
    {
        ReadOnlySpan<byte> request = RequestWriter.BodyOf(_lanes[lane].Request);
        switch (call.Kind)
        {
            case CallKind.Decisions:
                _frame.Decided += _followUps.After(call, reply.Body, now);
                _watch.Decided(new SeenDecision
                {
                    Consumer = call.Consumer,
                    Request = call.Number,
                    IsRetry = call.Again,
                    MayBeForgotten = _followUps.MayBeForgotten(call),
                    RequestBody = request,
                    ReplyBody = reply.Body,
                });
                break;
            case CallKind.Events:
                _frame.Accepted += ReplyNumbers.After("\"accepted\":"u8, reply.Body);
                _frame.Rejected += ReplyNumbers.After("\"rejected\":"u8, reply.Body);
                _followUps.Repeat(call, now);
                _watch.Recorded(new SeenEvents { IsRepeat = call.Again, RequestBody = request, ReplyBody = reply.Body });
                break;
            case CallKind.Trackers:
                _followUps.Repeat(call, now);
                break;
            default:
                break;
        }
    }

    private void Lose(int lane, long now)
    {
        if (_lanes.SentAt[lane] == 0)
        {
            // An idle connection that the server closed: nothing was asked.
            _lanes.ReopenIdle(lane);
            return;
        }

        Call call = _lanes.Calls[lane];
        if (Counts(call, now))
        {
            _frame.Series[(int)call.Kind].Lost++;
        }

        _followUps.Done(call);
        _lanes.Reopen(lane);
    }

    // A call that takes too long is counted with the time that it was waited for: it must not make the figures prettier.
    private void GiveUp(long now)
    {
        for (int lane = 0; lane < _lanes.Count; lane++)
        {
            if (_lanes.SentAt[lane] != 0 && now - _lanes.Calls[lane].Due > _timeout)
            {
                TimeOut(_lanes.Calls[lane], now);
                _lanes.Reopen(lane);
            }
        }

        foreach (Queue<Call> queue in _queues)
        {
            while (queue.TryPeek(out Call first) && now - first.Due > _timeout)
            {
                TimeOut(queue.Dequeue(), now);
            }
        }
    }

    private void TimeOut(in Call call, long now)
    {
        if (Counts(call, now))
        {
            SeriesFrame series = _frame.Series[(int)call.Kind];
            series.TimedOut++;
            series.Latency.Record(Ticks.Microseconds(now - call.Due));
        }

        _followUps.Done(call);
    }

    // It is not meant to be sent any more.
    private void Forget(in Call call, long now)
    {
        if (Counts(call, now))
        {
            _frame.Series[(int)call.Kind].Offered--;
        }
    }

    private void CountUnsent()
    {
        foreach (Queue<Call> queue in _queues)
        {
            while (queue.TryDequeue(out Call call))
            {
                _frame.Series[(int)call.Kind].Lost++;
                _followUps.Done(call);
            }
        }
    }

    private string? EarlyEnd(long now, CancellationToken stop)
    {
        _downSince = _lanes.Open > 0 ? 0 : _downSince == 0 ? now : _downSince;
        return stop.IsCancellationRequested ? "it was stopped"
            : _downSince != 0 && now - _downSince > GivenUpAfter ? $"the server takes no connections any more ({_lanes.Fault})"
            : null;
    }

    // What was meant for the warm-up counts within it alone.
    private bool Counts(in Call call, long now) => call.Due >= _measuredFrom || now < _measuredFrom;

    private static bool IsServed(in Call call, int status) => call.Kind switch
    {
        CallKind.Bad => BadInput.IsExpected(call.Variant, status),
        CallKind.Trackers => status == (call.Variant == (byte)TrackerKind.Click ? 302 : 200),
        _ => status == 200,
    };

    private void Roll(long now)
    {
        _frame.Segment = _segment.Number;
        _frame.Length = Ticks.Seconds(now - _frameStart);
        _frame.Loaded = Math.Max(0, Ticks.Seconds(Math.Min(now, _visitsEnd) - _frameStart));
        _frame.IsWarmup = _frameStart < _measuredFrom;
        _frame.Busy = Math.Max(0, Ticks.Seconds(now - _frameStart - _waited));
        _frame.Queued = _queues.Sum(static q => q.Count);
        int next = _frame.Second + 1;
        _belt.Put(_frame);
        _frame = _belt.TakeEmpty();
        _frame.Second = next;
        (_frameStart, _frameEnd, _waited) = (now, now + Ticks.Of(1), 0);
    }
}
