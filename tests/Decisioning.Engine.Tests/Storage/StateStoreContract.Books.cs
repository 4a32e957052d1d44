using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

public abstract partial class StateStoreContract
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_calendar_holds_one_entry_a_key_in_the_order_of_hours(int seed)
    {
        Random random = new(seed);
        IStateStore store = Open();
        Dictionary<ulong, int> model = [];
        for (int step = 0; step < 200; step++)
        {
            List<CalendarMove> moves = [];
            foreach (ulong key in (ulong[])[1, ulong.MaxValue, 1UL << 63, (ulong)random.Next(50) + 2])
            {
                int to = random.Next(4) == 0 ? 0 : random.Next(1, 20);
                moves.Add(new CalendarMove(key, model.GetValueOrDefault(key), to));
                model[key] = to;
            }

            store.Write([], null, null, moves);
            store = random.Next(20) == 0 ? Reopen(store) : store;
            int upTo = random.Next(21);
            CalendarRow[] expected = [.. model.Where(e => e.Value > 0 && e.Value <= upTo).OrderBy(e => (e.Value, (long)e.Key)).Select(e => new CalendarRow(e.Value, e.Key))];
            List<CalendarRow> read = [];
            while (store.ReadCalendar(upTo, read.Count == 0 ? default : read[^1], 7) is { Count: > 0 } some)
            {
                read.AddRange(some);
            }

            Assert.Equal(expected, read);
        }

        store.Dispose();
    }

    [Fact]
    public void An_erased_consumer_leaves_the_calendar()
    {
        using IStateStore store = Open();
        store.Write([new(5, new byte[] { 1 })], null, null, [new(5, 0, 9), new(6, 0, 9)]);
        store.Erase(5, 9, new(5, 100, 200));
        Assert.Equal([new CalendarRow(9, 6)], store.ReadCalendar(10, default, 10));
    }

    [Fact]
    public void Books_are_replaced_row_by_row_and_old_hours_dropped()
    {
        IStateStore store = Open();
        byte[] a = [1, 2], b = [3];
        store.Write([], null, 4, null, new BooksWrite(5, [new(1, a), new(2, b)], [new(1, 10, a), new(1, 11, b), new(2, 10, b)], 0));
        store.Write([], null, null, null, new BooksWrite(7, [new(2, a)], [new(1, 11, a), new(1, 12, b)], 0));
        store = Reopen(store);
        Assert.Equal(7, store.BooksPosition);
        Assert.Equal(4, store.Checkpoint);
        Assert.Equal([(1, a), (2, a)], store.ReadBooks().Select(r => (r.Brand, r.Totals.ToArray())));
        Assert.Equal([(10, a), (11, a), (12, b)], store.ReadHours(1, 0, 100).Select(r => (r.Hour, r.Sums.ToArray())));
        Assert.Equal([11], store.ReadHours(1, 11, 12).Select(r => r.Hour));

        store.Write([], null, null, null, new BooksWrite(8, [], [], DropBefore: 11));
        Assert.Equal([11, 12], store.ReadHours(1, 0, 100).Select(r => r.Hour));
        Assert.Empty(store.ReadHours(2, 0, 100));
        store.Dispose();
    }
}
