using Decisioning.Core.Consumers;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Folder;
using Decisioning.Lab.Recount;
using Decisioning.Lab.Reports;

namespace Decisioning.Lab.Verify;

/// <summary>Recounts a data folder by brute force from its journal, at the journal's last instant, and compares with what the engine would hold on opening it.</summary>
internal sealed class VerifyRun
{
    private readonly DataFolder _folder;
    private readonly JournalSurvey _survey;
    private readonly IProgressMeter _meter;
    private readonly CancellationToken _stop;
    private readonly HeldState _held;
    private readonly ConsumerCheck _check;
    private readonly MoneyRecount _money;
    private readonly RulesHistory _rules;
    private readonly StageCheck _stages;
    private readonly FigureSums _sums = new();
    private readonly RecordFigures _records;
    private readonly ConsumerFigures _figures;
    private readonly VerifyReport _report;

    private VerifyRun(DataFolder folder, JournalSurvey survey, IProgressMeter meter, VerifyReport report, CancellationToken stop)
    {
        _folder = folder;
        _survey = survey;
        _meter = meter;
        _report = report;
        _stop = stop;
        _held = new HeldState(folder, survey.Erasures);
        _rules = RulesHistory.Of(folder.Store);
        _stages = new StageCheck(folder.Catalogue, folder.Known, _rules, survey.LastInstant, report);
        _records = new RecordFigures(_sums);
        _figures = new ConsumerFigures(folder.Known, _sums, BooksCheck.WindowStart(survey.LastInstant));
        _check = new ConsumerCheck(folder.Catalogue, survey.LastInstant, _held, _stages, report);
        _money = new MoneyRecount(folder.Catalogue, folder.Store.BooksPosition);
    }

    /// <exception cref="LabFailureException">There is no engine's data in the folder.</exception>
    /// <exception cref="StorageException">The folder is in use or cannot be opened.</exception>
    public static async Task<VerifyReport> RunAsync(string path, IProgressMeter meter, CancellationToken stop)
    {
        var report = new VerifyReport();
        try
        {
            await using DataFolder folder = await DataFolder.OpenAsync(path);
            meter.Begin("Reading the journal", 1);
            JournalSurvey survey = JournalSurvey.Of(folder, stop);
            new VerifyRun(folder, survey, meter, report, stop).Run();
        }
        catch (StorageDamagedException damage)
        {
            // Damage is a finding: what was looked at until then is told with it.
            report.Add(new Mismatch(path, damage.Message));
        }

        return report;
    }

    private void Run()
    {
        HashSet<ulong> journalled = [];
        HeldBooks? held = OpenBooks();
        PowersRecount powers = new(_folder.Known, held?.Appraisals(_folder.Known) ?? []);
        _meter.Begin("Recounting", _survey.Records * _survey.Parts);
        for (int part = 0; part < _survey.Parts; part++)
        {
            foreach (ConsumerBook book in ReadBooks(part).Values)
            {
                _stop.ThrowIfCancellationRequested();
                journalled.Add(book.Key);
                _report.Consumers += book.IsMark ? 0 : 1;
                _report.Events += book.Events.Count;
                Guarded(book.Key, () => _check.Run(book));
                _figures.Add(book);
                powers.Add(book);
            }
        }

        CheckOtherRows(journalled);
        SpendingCheck.Run(_folder, _survey, _money, held?.Fees() ?? [], _report);
        if (held is not null)
        {
            new BooksCheck(_folder, _survey, _rules, _stages, _money.Newest, _report).Run(held, new FigureTelling(_sums, _records.Channels), _figures, powers);
        }

        _report.Trimmed = _survey.Trimmed;
    }

    /// <returns>Null where they cannot be read, which is told.</returns>
    private HeldBooks? OpenBooks()
    {
        try
        {
            return new HeldBooks(_folder);
        }
        catch (InvalidDataException unreadable)
        {
            _report.Add(new Mismatch("books", unreadable.Message));
            return null;
        }
    }

    private Dictionary<ulong, ConsumerBook> ReadBooks(int part)
    {
        Dictionary<ulong, ConsumerBook> books = [];
        foreach (TurnRecord record in _folder.Log.ReadAfter(0))
        {
            _stop.ThrowIfCancellationRequested();
            _meter.Advance(1);
            if (part == 0)
            {
                AddUp(record);
            }

            if (record.Head.Kind != TurnKind.Turn || _survey.PartOf(record.Head.Consumer) != part || _survey.Erasures.Cover(record))
            {
                continue;
            }

            if (!books.TryGetValue(record.Head.Consumer, out ConsumerBook? book))
            {
                books[record.Head.Consumer] = book = new ConsumerBook(record.Head.Consumer);
            }

            book.Add(record);
        }

        return books;
    }

    private void AddUp(in TurnRecord record)
    {
        if (record.Head.Kind is TurnKind.Turn or TurnKind.Contextual)
        {
            _money.Add(record);
        }

        if (record.Head.Kind == TurnKind.Turn && _survey.Erasures.Cover(record))
        {
            _survey.Miss(record);
        }
        else if (record.Head.Kind != TurnKind.Scrubbed)
        {
            _records.Add(record);
        }
    }

    /// <summary>
    /// Stored states of consumers that are not in the journal: they must be sound, and older than the journal. Of all of them the calendar has to have an entry where their state
    /// says so, and of nobody else.
    /// </summary>
    private void CheckOtherRows(HashSet<ulong> journalled)
    {
        var calendar = new CalendarCheck(_folder.Store, _report);
        foreach ((ulong key, ReadOnlyMemory<byte> packed) in _folder.Store.ReadAll())
        {
            _stop.ThrowIfCancellationRequested();
            calendar.Take(key, packed.Span);
            if (!journalled.Contains(key))
            {
                Guarded(key, () => CheckOtherRow(key, packed.Span));
            }
        }

        calendar.End();
    }

    private void CheckOtherRow(ulong key, ReadOnlySpan<byte> packed)
    {
        bool alive = _held.TryUnpack(key, packed);
        if (!alive)
        {
            return;
        }

        string id = System.Text.Encoding.UTF8.GetString(ConsumerCodec.IdOf(packed));
        _report.Consumers++;
        _report.Partial++;
        if (_survey.First == 0 || _held.State.Position >= _survey.First)
        {
            _report.Add(new Mismatch($"consumer {id}", $"its state ends with turn {_held.State.Sequence} at position {_held.State.Position}, which is not in the journal"));
        }
        else if (!_held.State.IsMark)
        {
            _stages.Count(_held.State);
        }
    }

    private void Guarded(ulong key, Action check)
    {
        try
        {
            check();
        }
        catch (Exception damage) when (damage is StorageDamagedException or InvalidDataException)
        {
            _report.Add(new Mismatch($"consumer {key:x16}", damage.Message));
        }
    }
}
