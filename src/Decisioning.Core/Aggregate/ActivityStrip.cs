using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

/// <summary>Events and decisions of the newest seconds, one cell a second.</summary>
internal sealed class ActivityStrip
{
    /// <summary>A power of two with room for the strip and the second that runs.</summary>
    private const int Cells = 64;

    private readonly long[] _seconds = new long[Cells];
    private readonly long[] _events = new long[Cells];
    private readonly long[] _decisions = new long[Cells];

    public void Add(long instant, int events, int decisions) => AddSecond(instant / 1000, events, decisions);

    public void Merge(ActivityStrip other)
    {
        for (int i = 0; i < Cells; i++)
        {
            AddSecond(other._seconds[i], other._events[i], other._decisions[i]);
        }
    }

    /// <summary>The full seconds before an instant, oldest first.</summary>
    public (int[] Events, int[] Decisions) Before(long asOf)
    {
        int[] events = new int[BookBounds.StripSeconds], decisions = new int[BookBounds.StripSeconds];
        for (int i = 0; i < BookBounds.StripSeconds; i++)
        {
            long second = asOf / 1000 - BookBounds.StripSeconds + i;
            int cell = (int)(second & (Cells - 1));
            if (second > 0 && _seconds[cell] == second)
            {
                (events[i], decisions[i]) = ((int)_events[cell], (int)_decisions[cell]);
            }
        }

        return (events, decisions);
    }

    public void Write(ByteWriter to)
    {
        Figures.Write(_seconds, to);
        Figures.Write(_events, to);
        Figures.Write(_decisions, to);
    }

    public static ActivityStrip Read(ref ByteReader from)
    {
        var strip = new ActivityStrip();
        Figures.Read(strip._seconds, ref from);
        Figures.Read(strip._events, ref from);
        Figures.Read(strip._decisions, ref from);
        return strip;
    }

    private void AddSecond(long second, long events, long decisions)
    {
        int cell = (int)(second & (Cells - 1));
        if (second > _seconds[cell])
        {
            (_seconds[cell], _events[cell], _decisions[cell]) = (second, 0, 0);
        }

        if (second == _seconds[cell])
        {
            _events[cell] += events;
            _decisions[cell] += decisions;
        }
    }
}
