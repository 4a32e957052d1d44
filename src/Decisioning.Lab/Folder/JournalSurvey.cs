using Decisioning.Engine.Storage;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Folder;

/// <summary>Hours one after the other.</summary>
/// <param name="First">The start of the first, ms since the Unix epoch.</param>
/// <param name="Last">The start of the last.</param>
internal readonly record struct HourSpan(long First, long Last)
{
    public bool Holds(long hour) => hour >= First && hour <= Last;
}

/// <summary>A first look through a journal: how long it is, where it ends, who was erased.</summary>
internal sealed class JournalSurvey
{
    /// <summary>Bytes of journal whose consumers are looked at together.</summary>
    private const long PartBytes = 128L << 20;

    private const long Hour = 3_600_000;

    private readonly HashSet<long> _scrubbedHours = [];
    private readonly List<HourSpan> _moved = [];
    private long _firstHour;

    private JournalSurvey(long journalBytes) => Parts = (int)Math.Min(journalBytes / PartBytes + 1, 1 << 16);

    /// <summary>In how many parts consumers are to be looked at, so that memory holds one.</summary>
    public int Parts { get; }

    public long Records { get; private set; }

    /// <summary>Position of the first record; 0 where there is none.</summary>
    public long First { get; private set; }

    /// <summary>The latest instant of any record, ms since the Unix epoch; 0 where there is none.</summary>
    public long LastInstant { get; private set; }

    /// <summary>Whether a record was scrubbed: what it cost is then known to the books alone.</summary>
    public bool AnyScrubbed { get; private set; }

    /// <summary>Whether the journal's beginning was trimmed.</summary>
    public bool Trimmed { get; private set; }

    public Erasures Erasures { get; } = new();

    /// <summary>Whether everything that happened in the hours of a span is still there.</summary>
    public bool IsWhole(HourSpan span) => !_scrubbedHours.Any(span.Holds) && (!Trimmed || span.First > _firstHour);

    /// <summary>The hours in which moves of consumers that were made in an hour may be booked: itself, unless a turn came so late that they may be in a later one.</summary>
    /// <param name="hour">Its start, ms since the Unix epoch.</param>
    public HourSpan MovesOf(long hour) => _moved.Find(m => m.Holds(hour)) is { Last: > 0 } moved ? moved : new HourSpan(hour, hour);

    /// <summary>Notes a record of a life that was erased, which counts as scrubbed before it is.</summary>
    public void Miss(in TurnRecord record)
    {
        AnyScrubbed = true;
        _scrubbedHours.Add(HourOf(record));
    }

    public static JournalSurvey Of(DataFolder folder, CancellationToken stop)
    {
        var survey = new JournalSurvey(folder.JournalBytes);
        foreach (TurnRecord record in folder.Log.ReadAfter(0))
        {
            stop.ThrowIfCancellationRequested();
            survey.Add(record);
        }

        return survey;
    }

    /// <summary>Which part a consumer is of, from 0.</summary>
    public int PartOf(ulong key) => (int)(key % (ulong)Parts);

    private void Add(in TurnRecord record)
    {
        if (Records++ == 0)
        {
            First = record.Position;
            Trimmed = BlockOf(record.Position) > 1;
            _firstHour = HourOf(record);
        }

        if (record.Head.Instant < LastInstant - RecountRules.LateAfter)
        {
            Move(HourOf(record), LastInstant - LastInstant % Hour);
        }

        LastInstant = Math.Max(LastInstant, record.Head.Instant);
        if (record.Head.Kind == TurnKind.Scrubbed)
        {
            Miss(record);
        }

        if (record.Head.Kind == TurnKind.Erasure)
        {
            Erasures.Add(record);
        }
    }

    // Ranges come with ever later ends: one that reaches into those before it takes them in.
    private void Move(long first, long last)
    {
        while (_moved.Count > 0 && _moved[^1].Last >= first)
        {
            first = Math.Min(first, _moved[^1].First);
            _moved.RemoveAt(_moved.Count - 1);
        }

        _moved.Add(new HourSpan(first, last));
    }

    private static long HourOf(in TurnRecord record) => record.Head.Instant - record.Head.Instant % Hour;

    // A position is block << 24 | offset, blocks from 1 (ITurnLog).
    private static long BlockOf(long position) => position >> 24;
}
