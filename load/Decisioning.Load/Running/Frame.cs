using Decisioning.Load.Histograms;

namespace Decisioning.Load.Running;

/// <summary>What one client, or all of them together, did in one second of a segment.</summary>
internal sealed class Frame
{
    /// <summary>The segment's number.</summary>
    public int Segment { get; set; }

    /// <summary>Since the segment's beginning, warm-up included.</summary>
    public int Second { get; set; }

    /// <summary>How long the frame is, seconds: the last of a segment may be shorter or longer.</summary>
    public double Length { get; set; }

    /// <summary>How much of it lies before the last visit, seconds: afterwards only what is under way is waited for.</summary>
    public double Loaded { get; set; }

    /// <summary>Whether it belongs to the warm-up.</summary>
    public bool IsWarmup { get; set; }

    /// <summary>By <see cref="CallKind"/>.</summary>
    public SeriesFrame[] Series { get; set; } = [.. Enum.GetValues<CallKind>().Select(_ => new SeriesFrame())];

    /// <summary>How much later than meant calls were taken up by the generator itself, before any waited for a connection.</summary>
    public LatencyHistogram Lag { get; set; } = new();

    /// <summary>Latencies of decisions from when they were really sent, as a closed loop would count them: for comparison alone.</summary>
    public LatencyHistogram FromSending { get; set; } = new();

    /// <summary>Clients in the frame.</summary>
    public int Clients { get; set; } = 1;

    /// <summary>Seconds that the clients' threads were at work, not waiting.</summary>
    public double Busy { get; set; }

    /// <summary>Calls that waited for a connection at the frame's end.</summary>
    public long Queued { get; set; }

    /// <summary>Decisions in the replies.</summary>
    public long Decided { get; set; }

    /// <summary>Events answered as accepted.</summary>
    public long Accepted { get; set; }

    /// <summary>Events answered as rejected.</summary>
    public long Rejected { get; set; }

    /// <summary>Messages that watchers got.</summary>
    public long Watched { get; set; }

    /// <summary>Adds another frame's figures; its place in time stays.</summary>
    public void Add(Frame other)
    {
        for (int kind = 0; kind < Series.Length; kind++)
        {
            Series[kind].Add(other.Series[kind]);
        }

        Lag.Add(other.Lag);
        FromSending.Add(other.FromSending);
        Clients += other.Clients;
        Busy += other.Busy;
        Queued += other.Queued;
        Decided += other.Decided;
        Accepted += other.Accepted;
        Rejected += other.Rejected;
        Watched += other.Watched;
    }

    /// <summary>Forgets everything, to be filled anew.</summary>
    public void Clear()
    {
        foreach (SeriesFrame series in Series)
        {
            series.Clear();
        }

        Lag.Clear();
        FromSending.Clear();
        (Clients, Busy, Queued, Decided, Accepted, Rejected, Watched) = (1, 0, 0, 0, 0, 0, 0);
    }
}

/// <summary>The calls of one kind in one frame.</summary>
internal sealed class SeriesFrame
{
    /// <summary>Meant to be sent.</summary>
    public long Offered { get; set; }

    /// <summary>Answered as they should be.</summary>
    public long Served { get; set; }

    /// <summary>Those of them that were answered before the last visit was due.</summary>
    public long InTime { get; set; }

    /// <summary>Answered with 429 or 503 and when to come again.</summary>
    public long Refused { get; set; }

    /// <summary>Answered otherwise than they should be, by status.</summary>
    public SortedDictionary<int, long> Failed { get; set; } = [];

    /// <summary>Not answered in time.</summary>
    public long TimedOut { get; set; }

    /// <summary>Lost with their connection.</summary>
    public long Lost { get; set; }

    /// <summary>From the intended instant to the whole reply, of those served; of those that timed out, how long they were waited for.</summary>
    public LatencyHistogram Latency { get; set; } = new();

    /// <summary>Not served, and not refused either.</summary>
    public long Errors => TimedOut + Lost + Failed.Values.Sum();

    public void Add(SeriesFrame other)
    {
        Offered += other.Offered;
        Served += other.Served;
        InTime += other.InTime;
        Refused += other.Refused;
        TimedOut += other.TimedOut;
        Lost += other.Lost;
        foreach ((int status, long count) in other.Failed)
        {
            Fail(status, count);
        }

        Latency.Add(other.Latency);
    }

    public void Fail(int status, long count = 1) => Failed[status] = Failed.GetValueOrDefault(status) + count;

    public void Clear()
    {
        (Offered, Served, InTime, Refused, TimedOut, Lost) = (0, 0, 0, 0, 0, 0);
        Failed.Clear();
        Latency.Clear();
    }
}
