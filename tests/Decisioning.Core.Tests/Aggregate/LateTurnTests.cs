using Decisioning.Core.Aggregate;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Aggregate;

/// <summary>Hours that are stored and let go of, as hosts do, while turns come in months after their instant.</summary>
public sealed class LateTurnTests
{
    private const int WorldCount = 72;

    /// <summary>How far behind the newest turn hours are kept that turns came too late for.</summary>
    private const long PartsKept = 800 * Worlds.Day;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stored_hours_chain_and_nothing_is_lost_however_late_turns_come(bool inParts)
    {
        int parts = 0;
        for (int seed = 0; seed < WorldCount; seed++)
        {
            var world = new BookWorld(seed);
            world.Play(() => { });
            var random = new Random(seed);
            var shelf = new Shelf(world.Brand.Symbol);
            foreach (byte[] payload in Belated(world.Journal, random))
            {
                shelf.Take(payload, inParts);
                if (random.Next(4) == 0)
                {
                    shelf.Store();
                    CheckLevels(shelf, seed);
                }
            }

            CheckLevels(shelf, seed);
            CheckSums(world.Books.Rows(), shelf.Rows(), world.Books.LastInstant - PartsKept, seed);
            parts += shelf.Totals.Rows().Count(r => r.IsPart);
        }

        Assert.True(parts > WorldCount, $"{parts} hours that turns came too late for are too few to tell.");
    }

    /// <summary>One record in six comes any time later.</summary>
    private static IEnumerable<byte[]> Belated(List<byte[]> journal, Random random) =>
        journal.Select((payload, i) => (Payload: payload, At: random.Next(6) == 0 ? random.Next(i, journal.Count) : i)).OrderBy(p => p.At).Select(p => p.Payload);

    private static void CheckLevels(Shelf shelf, int seed)
    {
        long[] level = new long[8];
        foreach (HourRow row in shelf.Rows())
        {
            level[0] += row.Value("known");
            foreach (HourFlow flow in row.Flows)
            {
                Move(level, flow.From, -flow.Count);
                Move(level, flow.To, flow.Count);
            }

            Assert.True(row.IsPart || row.Levels.SequenceEqual(level), $"seed {seed}: levels do not follow");
        }

        Assert.Equal(shelf.Totals.Counts.ToArray(), level);
    }

    /// <summary>Whatever is no move of a consumer counts in the hour of its turn, for as long as hours are kept; moves count once.</summary>
    private static void CheckSums(IEnumerable<HourRow> expected, IEnumerable<HourRow> found, long since, int seed)
    {
        foreach (string sum in (string[])["events", "requests", "won", "ghosts", "rendered", "spend", "revenue", "credits", "organic"])
        {
            Assert.True(ByHour(expected, sum).SequenceEqual(ByHour(found, sum)), $"seed {seed}: {sum}");
        }

        Assert.Equal(expected.Sum(r => r.Value("known")), found.Sum(r => r.Value("known")));
        Assert.Equal(Flows(expected), Flows(found));

        IEnumerable<(long Hour, long Sum)> ByHour(IEnumerable<HourRow> rows, string sum) =>
            rows.Where(r => r.Hour >= since).Select(r => (r.Hour, Sum: r.Value(sum))).Where(r => r.Sum != 0);

        static List<(FlowEnd From, FlowEnd To, long Count)> Flows(IEnumerable<HourRow> rows) =>
            [.. rows.SelectMany(r => r.Flows).GroupBy(f => (f.From, f.To)).Select(g => (g.Key.From, g.Key.To, g.Sum(f => f.Count))).Order()];
    }

    private static void Move(long[] levels, FlowEnd end, long count)
    {
        if (end <= FlowEnd.Keen)
        {
            levels[(int)end] += count;
        }
    }

    /// <summary>Books whose hours are stored as a host stores them.</summary>
    private sealed class Shelf(int brand)
    {
        private readonly ServerTotals _totals = new();
        private readonly SortedDictionary<long, byte[]> _stored = [];

        public BrandTotals Totals => _totals.Of(brand);

        public void Take(byte[] payload, bool inPart)
        {
            ServerTotals into = inPart ? _totals.NewPart() : _totals;
            into.Fold(TurnFacts.Of(payload));
            if (inPart)
            {
                _totals.Merge(into);
            }
        }

        public void Store()
        {
            long from = Totals.TakeChangedFrom();
            foreach (HourRow row in Totals.Rows().Where(r => r.Hour >= from && !r.IsPart))
            {
                var form = new ByteWriter();
                row.Write(form);
                _stored[row.Hour] = form.Written.ToArray();
            }

            Totals.DropRows(Totals.LastInstant);
        }

        /// <summary>Stored hours, and over them those in memory; parts are merged into their hour.</summary>
        public ICollection<HourRow> Rows()
        {
            SortedDictionary<long, HourRow> rows = [];
            foreach ((long hour, byte[] form) in _stored)
            {
                var from = new ByteReader(form);
                rows[hour] = HourRow.Read(ref from);
            }

            foreach (HourRow row in Totals.Rows())
            {
                if (row.IsPart && rows.TryGetValue(row.Hour, out HourRow? whole))
                {
                    whole.Merge(row);
                }
                else
                {
                    rows[row.Hour] = row;
                }
            }

            return rows.Values;
        }
    }
}
