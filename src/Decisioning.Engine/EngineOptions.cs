namespace Decisioning.Engine;

/// <summary>How an embedded host is set up. Every bound of the engine that is not a rule of Core stands here.</summary>
public sealed record EngineOptions
{
    /// <summary>The folder that holds everything the engine keeps; made if it is not there; one process at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Bytes that states in memory may take, all in; null: a third of what the garbage collector may use.</summary>
    public long? MaxResidentBytes { get; init; }

    /// <summary>A consumer not touched for this long (at most for twice as long) leaves memory.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Time from one pass of writing states back to the next. A state that changes often is written once a pass, and one that changed shares its page with its
    /// neighbours: a longer time costs less, and recovery more.
    /// </summary>
    public TimeSpan WriteBackEvery { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Turns after which the next pass begins before its time: recovery reads about twice as many at most.</summary>
    public int WriteBackTurns { get; init; } = 1_000_000;

    /// <summary>Time from one reading of the journal for the books to the next: how old what watchers are shown can be.</summary>
    public TimeSpan BooksEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Time from one look at what has fallen due to the next: how late it can be published.</summary>
    public TimeSpan CalendarEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time from one look for changed rules, under which consumers are then brought, to the next.</summary>
    public TimeSpan RulesEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time from one pass over every consumer, for intent and assets, to the next.</summary>
    public TimeSpan PassEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Share of one processor that what has fallen due may take, while there is much of it.</summary>
    public double CalendarShare { get; init; } = 0.5;

    /// <summary>Share of one processor that each pass over every consumer may take.</summary>
    public double PassShare { get; init; } = 0.2;

    /// <summary>Share of one processor that a recount may take.</summary>
    public double RecountShare { get; init; } = 0.5;

    /// <summary>Whether there is anybody to watch: without, time alone changes no stages, and nothing is counted anew. For sandboxes.</summary>
    public bool Watched { get; init; } = true;

    /// <summary>Consumers changed but not written back at which turns are refused; from a quarter of it a pass begins before its time, from half of it none takes rests.</summary>
    public int MaxDirtyConsumers { get; init; } = 500_000;

    /// <summary>How long the journal is kept.</summary>
    public TimeSpan KeepJournal { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long an erased consumer's tokens and late events count nothing.</summary>
    public TimeSpan KeepTombstones { get; init; } = TimeSpan.FromDays(31);

    /// <summary>Consumers kept at all, the ones whose last turn is oldest dropped beyond it; null: every one. For sandboxes, whose memory is all they have.</summary>
    public int? MaxConsumers { get; init; }

    /// <summary>Parts of the resident table, each with a lock: a power of two, 1 to 65,536.</summary>
    public int Shards { get; init; } = 1024;

    /// <summary>Throws where a value makes no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the option.</exception>
    public void Check()
    {
        Require(MaxResidentBytes is null or >= 1 << 20, nameof(MaxResidentBytes), "at least 1 MiB");
        Require(IdleAfter > TimeSpan.Zero, nameof(IdleAfter), "above zero");
        Require(WriteBackEvery > TimeSpan.Zero, nameof(WriteBackEvery), "above zero");
        Require(WriteBackTurns > 0, nameof(WriteBackTurns), "above zero");
        Require(BooksEvery > TimeSpan.Zero, nameof(BooksEvery), "above zero");
        Require(CalendarEvery > TimeSpan.Zero, nameof(CalendarEvery), "above zero");
        Require(RulesEvery > TimeSpan.Zero, nameof(RulesEvery), "above zero");
        Require(PassEvery > TimeSpan.Zero, nameof(PassEvery), "above zero");
        Require(CalendarShare is > 0 and <= 1, nameof(CalendarShare), "above 0, at most 1");
        Require(PassShare is > 0 and <= 1, nameof(PassShare), "above 0, at most 1");
        Require(RecountShare is > 0 and <= 1, nameof(RecountShare), "above 0, at most 1");
        Require(MaxDirtyConsumers > 0, nameof(MaxDirtyConsumers), "above zero");
        Require(KeepJournal >= TimeSpan.FromDays(1), nameof(KeepJournal), "at least a day");
        Require(KeepTombstones >= TimeSpan.FromDays(1), nameof(KeepTombstones), "at least a day");
        Require(MaxConsumers is null or > 0, nameof(MaxConsumers), "above zero");
        Require(Shards is >= 1 and <= 65_536 && int.IsPow2(Shards), nameof(Shards), "a power of two, 1 to 65,536");
    }

    private static void Require(bool holds, string option, string bound)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, $"{option} must be {bound}.");
        }
    }
}
