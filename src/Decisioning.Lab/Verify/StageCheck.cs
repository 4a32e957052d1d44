using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Lab.Folder;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>
/// Holds every consumer's published stages against the rules, and counts consumers by them. Each change has to begin where the one before ended, and to end where the rules, asked
/// anew about what was known then, put the consumer; every turn brings the consumer's stages up to its instant. What time has changed since may be published a little late:
/// then the consumer's entry in the calendar has to say that something is due.
/// </summary>
/// <param name="catalogue">The brands as they stand: with those that were deleted, time changes nothing any more.</param>
/// <param name="known">With them the deleted ones, which still count who was known to them.</param>
internal sealed class StageCheck(CatalogueSnapshot catalogue, CatalogueSnapshot known, RulesHistory rules, long t, VerifyReport report)
{
    private readonly Dictionary<(int Brand, DeeplinkStage Stage), long> _counts = [];

    /// <summary>Consumers by published stage.</summary>
    public long CountOf(int brand, DeeplinkStage stage) => _counts.GetValueOrDefault((brand, stage));

    /// <summary>Counts a consumer by its state.</summary>
    public void Count(ConsumerState state)
    {
        foreach (BrandSnapshot brand in known.Brands)
        {
            if (state.SlotOf(brand.Symbol) is >= 0 and int slot)
            {
                Count(brand.Symbol, state.PublishedStageOf(slot));
            }
        }
    }

    /// <summary>Counts a consumer by its book: its state cannot be had.</summary>
    public void Count(ConsumerBook book)
    {
        Dictionary<int, DeeplinkStage> stages = [];
        foreach (BookedStep step in book.Steps)
        {
            if (!step.IsDraw)
            {
                stages[book.Events[step.Index].Event.Brand] = DeeplinkStage.None;
            }
            else if (book.Draws[step.Index].Draw is { Ghost: false, Decision.Contextual: false } draw)
            {
                stages[draw.Decision.Brand] = DeeplinkStage.None;
            }
        }

        foreach (BookedShift shift in book.Shifts)
        {
            stages[shift.Brand] = shift.To;
        }

        foreach ((int brand, DeeplinkStage stage) in stages)
        {
            Count(brand, stage);
        }
    }

    /// <summary>Checks a consumer whose whole book there is.</summary>
    public void Run(ConsumerBook book, ConsumerState state, string where)
    {
        foreach (BrandSnapshot brand in catalogue.Brands)
        {
            if (state.SlotOf(brand.Symbol) is >= 0 and int slot && !book.IsCrowded(brand.Symbol))
            {
                Check(book, brand, state.PublishedStageOf(slot), state.CalendarHour, $"{where}, brand {brand.Id}");
            }
        }
    }

    private void Check(ConsumerBook book, BrandSnapshot brand, DeeplinkStage held, int calendarHour, string where)
    {
        List<BookedShift> shifts = book.Shifts.FindAll(s => s.Brand == brand.Symbol);
        DeeplinkStage published = CheckShifts(book, brand, shifts, where);
        Compare(where, "published stage", published, held);
        if (rules.IsPending(brand.Symbol))
        {
            return;
        }

        if (book.LastInstant >= rules.Since(brand.Symbol))
        {
            Compare(where, $"stage published by the turn at {book.LastInstant}", StageRecount.Of(new BrandEvidence(book, brand, book.LastInstant)), held);
        }

        DeeplinkStage now = StageRecount.Of(new BrandEvidence(book, brand, t));
        if (now != held && (calendarHour == 0 || calendarHour * RecountRules.Hour > t))
        {
            report.Add(new Mismatch(where, $"stage: time has made it {Names.Of(now)}, {Names.Of(held)} is published, and the calendar has nothing due"));
        }
    }

    /// <returns>The stage that the last of them leads to.</returns>
    private DeeplinkStage CheckShifts(ConsumerBook book, BrandSnapshot brand, List<BookedShift> shifts, string where)
    {
        DeeplinkStage stage = DeeplinkStage.None;
        for (int i = 0; i < shifts.Count; i++)
        {
            BookedShift shift = shifts[i];
            if (!shift.Enters)
            {
                Compare(where, $"stage before the change at {shift.At}", stage, shift.From);
            }

            stage = shift.To;
            bool endsTurn = i == shifts.Count - 1 || (shifts[i + 1].At, shifts[i + 1].EventsSoFar) != (shift.At, shift.EventsSoFar);
            if (endsTurn && shift.At >= rules.Since(brand.Symbol))
            {
                Compare(where, $"stage after the change at {shift.At}", StageRecount.Of(new BrandEvidence(book.Events.Take(shift.EventsSoFar), brand, shift.At)), stage);
            }
        }

        return stage;
    }

    private void Count(int brand, DeeplinkStage stage) => _counts[(brand, stage)] = CountOf(brand, stage) + 1;

    private void Compare(string where, string what, DeeplinkStage recounted, DeeplinkStage has)
    {
        if (recounted != has)
        {
            report.Add(new Mismatch(where, $"{what}: recounted {Names.Of(recounted)}, the engine has {Names.Of(has)}"));
        }
    }
}
