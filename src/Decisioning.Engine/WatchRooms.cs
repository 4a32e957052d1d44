using Decisioning.Engine.Background;
using Decisioning.Engine.Books;
using Decisioning.Engine.Calendar;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Turns;

namespace Decisioning.Engine;

/// <summary>The rooms beside the turns: books, calendar and passes over every consumer, each at its own beat.</summary>
internal sealed class WatchRooms : IAsyncDisposable
{
    private readonly Beat _booksBeat;
    private readonly Beat _calendarBeat;
    private readonly Beat _rulesBeat;
    private readonly Beat? _passBeat;
    private readonly Beat[] _beats;

    public WatchRooms(EngineParts parts, EngineRooms rooms, ConsumerDoor door, ExpiryCalendar calendar, Bookkeeper books, ThreadLocal<TurnScratch> scratches)
    {
        EngineOptions options = parts.Options;
        PendingRules pending = parts.Editor?.Pending ?? throw new InvalidOperationException("Who is watched changes the catalogue itself.");
        TimeProvider time = parts.Clock.Time;
        ConsumerScan scan = new(rooms.Residents, parts.Store);
        PassResults results = new();
        Reclassification rules = new(pending, scan, door, rooms.Admission, parts.Catalogue, rooms.Ledger, parts.Clock, scratches);
        Pass = new ConsumerPass(books, results, scan, parts.Log, parts.Catalogue, rooms.Ledger, parts.Clock, scratches);
        Pulses = new PulseBoard(books, results, pending.Contains, parts.Clock);
        History = new HistoryReader(new StoredHours(books, parts.Store), parts.Clock);
        Recount = new Recount(books, scan, parts.Log, parts.Store, parts.Catalogue, rooms.Ledger, parts.Clock, scratches);
        _booksBeat = new Beat(time, options.BooksEvery, options.BooksEvery, share: 1, (_, _) =>
        {
            books.Follow();
            rooms.Upkeep.WakeIfDue();
            if (_passBeat is { Trouble: null } && PassIsOverdue)
            {
                _passBeat.Rouse();
            }

            return Task.CompletedTask;
        });

        // At once: what fell due while the host was down, and what the first watcher wants to see.
        _calendarBeat = new Beat(time, TimeSpan.Zero, options.CalendarEvery, options.CalendarShare, calendar.RunAsync);
        _passBeat = new Beat(time, TimeSpan.Zero, options.PassEvery, options.PassShare, Pass.RunAsync);
        _rulesBeat = new Beat(time, options.RulesEvery, options.RulesEvery, options.PassShare, rules.RunAsync);
        _beats = [_calendarBeat, _rulesBeat, _passBeat, _booksBeat];
    }

    public PulseBoard Pulses { get; }

    public HistoryReader History { get; }

    public Recount Recount { get; }

    public ConsumerPass Pass { get; }

    /// <summary>Whether the hourly pass over everybody is made at the next beat, before its hour: after a start, and while a brand's consumers grow fast.</summary>
    public bool PassIsOverdue => Pass.IsOverdue();

    /// <summary>Why the journal could not be read for the books; null where it could.</summary>
    public Exception? BooksTrouble => _booksBeat.Trouble;

    /// <summary>Why one of the beats failed last; null where none did.</summary>
    public Exception? Trouble => _beats.Select(static b => b.Trouble).FirstOrDefault(static t => t is not null);

    public Task RunCalendarAsync(CancellationToken cancellation) => _calendarBeat.RunAsync(cancellation);

    public Task RunRulesAsync(CancellationToken cancellation) => _rulesBeat.RunAsync(cancellation);

    public Task RunPassAsync(CancellationToken cancellation) => _passBeat!.RunAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (Beat beat in _beats)
        {
            await beat.DisposeAsync();
        }
    }
}
