using System.Text;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;
using static Decisioning.Cluster.Tests.Support.TestRows;

namespace Decisioning.Cluster.Tests.Storage;

public abstract partial class ClusterStoreConformance
{
    [Fact]
    public async Task Books_are_replaced_only_by_who_read_them_last()
    {
        Assert.Null(await Store.ReadBrandBooksAsync(3, Cancellation));
        Assert.True(await Store.WriteBrandBooksAsync(BooksOf(3, "one", (1, 5)), [new(3, 100, "h"u8.ToArray())], 0, Cancellation));
        Assert.False(await Store.WriteBrandBooksAsync(BooksOf(3, "other", (1, 6)), [new(3, 101, "x"u8.ToArray())], 0, Cancellation));
        Assert.True(await Store.WriteBrandBooksAsync(BooksOf(3, "two", (1, 300), (2, 4)), [], 1, Cancellation));
        Assert.False(await Store.WriteBrandBooksAsync(BooksOf(3, "late", (1, 7)), [], 1, Cancellation));

        StoredBrand stored = (await Store.ReadBrandBooksAsync(3, Cancellation))!;
        Assert.Equal((3, 2L, "two", "money"), (stored.Brand, stored.Version, Encoding.UTF8.GetString(stored.Totals.Span), Encoding.UTF8.GetString(stored.Money.Span)));
        Assert.Equal([new(1, 300), new(2, 4)], stored.Positions.OrderBy(p => p.Key));
        Assert.Equal([100], (await Store.ReadHoursAsync(3, 0, 1_000, Cancellation)).Select(h => h.Hour));
    }

    [Fact]
    public async Task Hours_are_a_brands_own_and_replaced_one_by_one()
    {
        await Store.WriteBrandBooksAsync(BooksOf(1, ""), [Hour(1, 7, "a"), Hour(1, 8, "b"), Hour(1, 9, "c")], 0, Cancellation);
        await Store.WriteBrandBooksAsync(BooksOf(2, ""), [Hour(2, 8, "z")], 0, Cancellation);
        await Store.WriteBrandBooksAsync(BooksOf(1, ""), [Hour(1, 8, "b2")], 1, Cancellation);

        Assert.Equal(["7a", "8b2"], (await Store.ReadHoursAsync(1, 0, 9, Cancellation)).Select(Told));
        Assert.Equal(["8b2", "9c"], (await Store.ReadHoursAsync(1, 8, 10, Cancellation)).Select(Told));

        await Store.DropHoursAsync(9, Cancellation);
        Assert.Equal(["9c"], (await Store.ReadHoursAsync(1, 0, 100, Cancellation)).Select(Told));
        Assert.Empty(await Store.ReadHoursAsync(2, 0, 100, Cancellation));
        Assert.NotNull(await Store.ReadBrandBooksAsync(2, Cancellation));

        static HourBooks Hour(int brand, int hour, string sums) => new(brand, hour, Encoding.UTF8.GetBytes(sums));
        static string Told(HourBooks row) => row.Hour + Encoding.UTF8.GetString(row.Sums.Span);
    }

    [Fact]
    public async Task What_is_trimmed_is_old_in_a_snapshot_and_in_everybodys_books()
    {
        (long a, long b) = await TwoEpochsAsync();
        await AppendAsync(
            Row(1, 1, a, 1), Row(2, 1, a, 2), Row(3, 1, a, 3, last: 2), Row(0, 70, a, 4), Row(4, 1, a, 5, instant: Instant + 1_000), Row(5, 1, a, 6), Row(6, 1, a, 7));
        await AppendAsync(Row(7, 1, b, 1));
        await Store.WriteSnapshotsAsync(
            [Snapshot(1, 1, ""), Snapshot(3, 1, ""), Snapshot(4, 1, ""), Snapshot(5, 1, ""), Snapshot(6, 1, ""), Snapshot(7, 1, "")], Cancellation);
        ICatalogueSession catalogue = Store.OpenCatalogue();
        catalogue.WriteBrand(Brand("live", 1), []);
        catalogue.WriteBrand(Brand("gone", 2), []);
        catalogue.DeleteBrand("gone", Instant, []);
        await Store.WriteBrandBooksAsync(BooksOf(2, "", (a, 1)), [], 0, Cancellation);
        await Store.CloseEpochAsync(b, Cancellation);

        await Store.TrimAsync(Instant + 1, Cancellation);
        Assert.Equal(7, (await Store.ReadRowsAsync(a, 0, 100, Cancellation)).Count);

        await Store.WriteBrandBooksAsync(BooksOf(1, "", (a, 6), (b, 1)), [], 0, Cancellation);
        await Store.TrimAsync(Instant + 1, Cancellation);
        Assert.Equal([2L, 3, 5, 7], (await Store.ReadRowsAsync(a, 0, 100, Cancellation)).Select(r => r.Number));
        Assert.Equal([(a, 7L)], (await Store.ReadEpochsAsync(Cancellation)).Select(e => (e.Epoch, e.Last)));
        Assert.Equal([1], await AppendAsync(Row(9, 1, a, 8), Row(2, 1, a, 9)));

        await Store.WriteBrandBooksAsync(BooksOf(1, "", (a, 8)), [], 1, Cancellation);
        await Store.WriteSnapshotsAsync([Snapshot(2, 1, ""), Snapshot(3, 2, ""), Snapshot(9, 1, "")], Cancellation);
        await Store.TrimAsync(Instant + 2_000, Cancellation);
        Assert.Empty(await Store.ReadRowsAsync(a, 0, 100, Cancellation));
        Assert.Equal([(a, 8L)], (await Store.ReadEpochsAsync(Cancellation)).Select(e => (e.Epoch, e.Last)));
    }

    [Fact]
    public async Task A_catalogue_is_changed_only_by_who_knows_its_version()
    {
        await using IClusterStore other = await ConnectAsync();
        await other.OpenAsync(Wire, Cancellation);
        ICatalogueSession first = Store.OpenCatalogue(), second = other.OpenCatalogue();
        Assert.Equal((0L, 0L, 0L), (first.Version, second.Version, await Store.ReadCatalogueVersionAsync(Cancellation)));

        first.WriteBrand(Brand("shop", 4), [Audit("shop")]);
        first.WriteSetting("server", "{}"u8, [Audit("")]);
        Assert.Throws<CatalogueMovedException>(() => second.WriteBrand(Brand("other", 5), [Audit("other")]));
        Assert.Throws<CatalogueMovedException>(() => second.WriteSetting("server", "[]"u8, []));
        Assert.Throws<CatalogueMovedException>(() => second.DeleteBrand("shop", Instant, []));
        Assert.Equal((2L, 0L, 2L), (first.Version, second.Version, await other.ReadCatalogueVersionAsync(Cancellation)));
        Assert.Null(second.FindBrand("other"));
        Assert.Empty(second.ReadAudit("other"));
        Assert.Equal("{}"u8, second.ReadSetting("server")!);
        Assert.Null(second.ReadSetting("none"));

        second = other.OpenCatalogue();
        second.WriteBrand(Brand("shop", 4, version: 2), [Audit("shop", "again")]);
        second.DeleteBrand("shop", Instant + 5, [Audit("shop", "delete")]);
        Assert.Throws<StorageException>(() => second.WriteBrand(Brand("thief", 4), []));
        Assert.Equal(4, second.Version);
        Assert.Empty(second.ReadBrands());
        BrandRow found = second.FindBrand("shop")!;
        Assert.Equal((4, 2L, Instant + 5, true), (found.Symbol, found.Version, found.At, found.Deleted));
        Assert.Equal([["a", "b"], []], found.Symbols);
        Assert.Equal([(1L, false), (2L, false)], second.ReadBrandHistory("shop").Select(b => (b.Version, b.Deleted)));
        Assert.Equal(["put", "again", "delete"], second.ReadAudit("shop").Select(a => a.Action));
    }

    [Fact]
    public async Task A_sight_is_of_one_instant_while_writes_go_on()
    {
        const int consumers = 1_203;
        long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
        await AppendAsync([.. Enumerable.Range(0, consumers).Select(i => Row((ulong)i * 0x1234_5678_9ABC_DEFUL + 1, 1, epoch, i + 1))]);
        await Store.WriteSnapshotsAsync([Snapshot(1, 1, "snapshot"), Snapshot(2, 9, "alone")], Cancellation);
        await Store.WriteBrandBooksAsync(BooksOf(1, "before", (epoch, 3)), [], 0, Cancellation);

        await using IClusterSight sight = await Store.BeginSightAsync(Cancellation);
        await AppendAsync(Row(1, 2, epoch, consumers + 1), Row(3, 1, epoch, consumers + 2));
        await Store.WriteSnapshotsAsync([Snapshot(1, 2, "newer")], Cancellation);
        await Store.WriteBrandBooksAsync(BooksOf(1, "after", (epoch, 4)), [], 1, Cancellation);
        await Store.BeginEpochAsync("b", Instant, Cancellation);

        List<StoredConsumer> seen = await sight.ReadConsumersAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal(consumers + 1, seen.Count);
        Assert.Equal(seen.OrderBy(c => (long)c.Snapshot.Consumer), seen);
        Assert.Equal("snapshot", StateOf(seen.Single(c => c.Snapshot.Consumer == 1)));
        Assert.Empty(seen.Single(c => c.Snapshot.Consumer == 1).Tail);
        Assert.Equal("alone", StateOf(seen.Single(c => c.Snapshot.Consumer == 2)));
        Assert.All(seen.Where(c => c.Snapshot.Consumer > 2), c => Assert.Single(c.Tail));
        Assert.Equal("before", Encoding.UTF8.GetString((await sight.ReadBrandBooksAsync(1, Cancellation))!.Totals.Span));
        Assert.Null(await sight.ReadBrandBooksAsync(2, Cancellation));
        Assert.Equal(Enumerable.Range(4, consumers - 3).Select(n => (long)n), await sight.ReadRowsAsync(epoch, 3, Cancellation).Select(r => r.Number).ToListAsync(Cancellation));
        Assert.Equal([new EpochRow(epoch, "a", true, consumers)], await sight.ReadEpochsAsync(Cancellation));
    }

    [Fact]
    public async Task A_sight_has_no_gap_while_epochs_take_turns_with_a_consumer()
    {
        const int turns = 60;
        (long a, long b) = await TwoEpochsAsync();
        await using IClusterStore other = await ConnectAsync();
        await other.OpenAsync(Wire, Cancellation);
        Task writing = Task.Run(
            async () =>
            {
                for (int turn = 1; turn <= turns; turn++)
                {
                    Assert.Empty(await AppendAsync(turn % 2 == 0 ? Row(1, turn, a, turn) : Row(1, turn, b, turn)));
                }
            },
            Cancellation);

        bool ended;
        do
        {
            ended = writing.IsCompleted;
            await using IClusterSight sight = await other.BeginSightAsync(Cancellation);
            List<StoredConsumer> seen = await sight.ReadConsumersAsync(Cancellation).ToListAsync(Cancellation);
            long[] chain = [.. seen.SelectMany(c => c.Tail).Select(r => r.First)];
            List<TurnRow> rows = await ToListAsync(sight.ReadRowsAsync(a, 0, Cancellation), sight.ReadRowsAsync(b, 0, Cancellation));
            Assert.Equal(Enumerable.Range(1, chain.Length).Select(n => (long)n), chain);
            Assert.Equal(chain, rows.Select(r => r.First).Order());
        }
        while (!ended);
        await writing;

        static async Task<List<TurnRow>> ToListAsync(params IAsyncEnumerable<TurnRow>[] all)
        {
            List<TurnRow> rows = [];
            foreach (IAsyncEnumerable<TurnRow> one in all)
            {
                rows.AddRange(await one.ToListAsync(Cancellation));
            }

            return rows;
        }
    }
}
