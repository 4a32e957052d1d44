using Decisioning.Core.Aggregate;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Books;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Books;

/// <summary>What of the books is written again, where turns come in late.</summary>
public sealed class LateHourTests
{
    private const int Brand = 1;
    private const long Start = 20_000 * Watching.DayMs;
    private const long LongAfter = Start + 100 * Watching.HourMs;

    private readonly ServerTotals _totals = new();
    private readonly StoredBooks _stored = new();

    [Fact]
    public void A_turn_of_an_hour_that_was_stored_long_ago_by_the_clock_is_stored_with_the_rest_of_its_hour()
    {
        Fold(Start);
        Assert.Equal([(Start, 1L)], Store(LongAfter));
        Fold(Start + 1);
        Assert.Equal([(Start, 2L)], Store(LongAfter));
    }

    [Fact]
    public void An_hour_is_let_go_of_by_newer_turns_and_what_comes_after_that_is_no_row_to_replace_it()
    {
        Fold(Start);
        Fold(LongAfter);
        Assert.Equal([(Start, 1L), (LongAfter, 1L)], Store(LongAfter));
        Assert.Equal([LongAfter], _totals.Of(Brand).Rows().Select(r => r.Hour));
        Fold(Start + 1);
        _totals.Of(Brand).Fold(Start + 1, new Fact { Kind = FactKind.Event, Brand = Brand });
        Assert.Equal([(LongAfter - 48 * Watching.HourMs, 1L), (LongAfter, 1L)], Store(LongAfter));
        HourRow part = _totals.Of(Brand).Rows().First();
        Assert.Equal((Start, true, 1L, 0L), (part.Hour, part.IsPart, part.Value("events"), part.Value("known")));
        Fold(Start + 900 * Watching.DayMs);
        Store(LongAfter);
        Assert.Equal([Start + 900 * Watching.DayMs], _totals.Of(Brand).Rows().Select(r => r.Hour));
    }

    [Fact]
    public void What_was_taken_to_be_stored_and_was_not_is_taken_again()
    {
        Fold(Start);
        Assert.Single(_stored.Changed(_totals, [], 1, LongAfter).Books.Hours);
        Fold(Start + Watching.HourMs);
        Assert.Equal([(Start, 1L), (Start + Watching.HourMs, 1L)], Store(LongAfter));
        Assert.Empty(Store(LongAfter));
    }

    private void Fold(long instant) => _totals.Of(Brand).Fold(instant, new Fact { Kind = FactKind.Known, Brand = Brand });

    /// <summary>Stores what has changed; the rows in it with what they count.</summary>
    private List<(long Hour, long Known)> Store(long now)
    {
        BooksChanges changes = _stored.Changed(_totals, [], 1, now);
        _stored.MarkStored(_totals, changes);
        return [.. changes.Books.Hours.Select(Read)];
    }

    private static (long Hour, long Known) Read(HourBooks stored)
    {
        ByteReader from = new(stored.Sums.Span);
        HourRow row = HourRow.Read(ref from);
        return (row.Hour, row.Value("known"));
    }
}
