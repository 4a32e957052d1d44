namespace Decisioning.Load.Running;

/// <summary>Puts the clients' frames together, second by second, and adds up what was measured. Safe to call from several threads.</summary>
/// <param name="clients">How many send frames.</param>
/// <param name="memory">Reads the server's memory, where that can be known.</param>
/// <param name="told">Told each second as soon as every client has told it.</param>
internal sealed class SecondBoard(int clients, Func<MemoryReading?> memory, Action<SecondRow> told)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Frame> _waiting = [];
    private readonly List<SecondRow> _rows = [];
    private double _before;
    private double _longest;

    /// <summary>Every second so far.</summary>
    public IReadOnlyList<SecondRow> Rows => _rows;

    /// <summary>What was measured in all segments.</summary>
    public Frame Total { get; } = new() { Clients = 0 };

    /// <summary>What was measured in the newest segment.</summary>
    public Frame Newest { get; private set; } = new() { Clients = 0 };

    /// <summary>Events that were acknowledged in all segments, warm-up included.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>A segment begins.</summary>
    public void Begin() => Newest = new Frame { Clients = 0 };

    /// <summary>Takes a client's frame.</summary>
    public void Take(Frame frame)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(frame.Second, out Frame? merged))
            {
                merged.Add(frame);
            }
            else
            {
                _waiting.Add(frame.Second, merged = frame);
            }

            if (merged.Clients == clients)
            {
                Tell(merged);
            }
        }
    }

    /// <summary>The segment is over: seconds that not every client told are told as they are.</summary>
    public void End()
    {
        lock (_gate)
        {
            foreach (Frame frame in _waiting.Values.ToList())
            {
                Tell(frame);
            }

            _before += _longest;
            _longest = 0;
        }
    }

    private void Tell(Frame frame)
    {
        _waiting.Remove(frame.Second);
        _longest = Math.Max(_longest, frame.Second + frame.Length);
        Acknowledged += frame.Accepted;
        if (!frame.IsWarmup)
        {
            AddMeasured(Total, frame);
            AddMeasured(Newest, frame);
        }

        var row = SecondRow.Of(frame, _before + frame.Second, memory());
        _rows.Add(row);
        told(row);
    }

    // Lengths add up over seconds, clients do not: busy is of all of them.
    private static void AddMeasured(Frame sum, Frame frame)
    {
        int had = sum.Clients;
        sum.Add(frame);
        sum.Clients = Math.Max(had, frame.Clients);
        sum.Length += frame.Length;
        sum.Loaded += frame.Loaded;
    }
}
