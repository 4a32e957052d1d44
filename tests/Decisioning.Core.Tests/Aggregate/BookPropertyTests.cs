using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Consumers;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Aggregate;

/// <summary>The books of played crowds against recounts of every consumer's raw events, at random instants.</summary>
public sealed class BookPropertyTests
{
    private const int WorldCount = 200;

    [Fact]
    public void Counts_are_those_of_a_recount_and_histories_are_exact()
    {
        long counted = 0;
        for (int seed = 0; seed < WorldCount; seed++)
        {
            var world = new BookWorld(seed);
            world.Play(() =>
            {
                long[] stages = new long[8];
                foreach (BookConsumer consumer in world.Consumers)
                {
                    if (consumer.Played.Packed is not null)
                    {
                        var oracle = new EvidenceOracle(world.Brand.Rules, world.Brand.Calendar.Zone, consumer.Accepted);
                        stages[(int)oracle.StageAt(world.Now)]++;
                        CheckHistory(consumer, oracle, world, seed);
                    }
                }

                Assert.Equal(stages, world.Books.Counts.ToArray());
                counted += stages.Sum() - stages[0];
            });
        }

        Assert.True(counted > WorldCount, $"{counted} consumers with a stage are too few to tell.");
    }

    [Fact]
    public void In_every_hour_the_end_is_the_start_with_what_came_and_without_what_went()
    {
        long imported = 0, erased = 0;
        for (int seed = 0; seed < WorldCount; seed++)
        {
            var world = new BookWorld(seed);
            world.Play(() => { });
            IReadOnlyCollection<HourRow> rows = world.Books.Rows();
            Assert.Subset(world.LevelsByHour.Keys.ToHashSet(), rows.Select(r => r.Hour).ToHashSet());
            Assert.Equal(world.LevelsByHour.Values.Last(), rows.Last().Levels.ToArray());
            long[] start = new long[8];
            foreach (HourRow row in rows)
            {
                Assert.Equal(world.LevelsByHour[row.Hour], row.Levels.ToArray());
                start[0] += row.Value("known");
                foreach (HourFlow flow in row.Flows)
                {
                    Assert.True(flow.Count > 0 && flow.From != flow.To);
                    Move(start, flow.From, -flow.Count);
                    Move(start, flow.To, flow.Count);
                }

                Assert.Equal(start, row.Levels.ToArray());
                Assert.Equal(start[1] + start[2], row.Value("stage.awareness"));
            }

            imported += rows.Sum(r => r.Value("flow.imported.purchase") + r.Value("flow.imported.interest"));
            erased += rows.Sum(r => r.Flows.Where(f => f.To == FlowEnd.Erased).Sum(f => f.Count));
        }

        Assert.True(imported > 0 && erased > 0, $"{imported} imported, {erased} erased: both must be met.");

        static void Move(long[] levels, FlowEnd end, long count)
        {
            if (end <= FlowEnd.Keen)
            {
                levels[(int)end] += count;
            }
        }
    }

    [Fact]
    public void Sub_ledgers_and_hours_sum_to_the_assets_and_these_are_consumers_times_powers()
    {
        long worth = 0;
        for (int seed = 0; seed < WorldCount; seed++)
        {
            var world = new BookWorld(seed);
            world.Play(() =>
            {
                AssetTotals assets = Pulse(world).Assets;
                Assert.Equal(assets.Stages.Sum(s => s.ValueMicros), assets.ValueMicros);
                Assert.Equal(assets.ValueMicros, assets.ByCause.Sum(l => l.DeltaMicros));
                Assert.Equal(assets.ValueMicros, assets.ByChannel.Sum(l => l.DeltaMicros));
                Assert.Equal(assets.ValueMicros, assets.ByCreative.Sum(l => l.DeltaMicros));
                Assert.Equal(assets.ValueMicros, world.Books.Rows().Sum(r => r.Value("assets_delta")));
                if (assets.Lines.Length < BookBounds.Lines)
                {
                    Assert.Equal(assets.ValueMicros, assets.Lines.Sum(l => l.DeltaMicros));
                }

                worth += Math.Abs(assets.ValueMicros);
            });
        }

        Assert.True(worth > 0);
    }

    [Fact]
    public void Parts_merge_to_what_one_fold_gives_and_forms_are_read_back()
    {
        int appraised = 0;
        for (int seed = 0; seed < WorldCount; seed++)
        {
            var world = new BookWorld(seed);
            world.Play(() => { });
            byte[] whole = Form(world.Books);
            Assert.True(whole.AsSpan().SequenceEqual(Form(world.Merged.Of(world.Brand.Symbol))), $"seed {seed}");
            Assert.True(whole.AsSpan().SequenceEqual(Form(BrandTotals.Read(whole))), $"seed {seed}");
            appraised += BrandTotals.Read(whole).Appraisal is null ? 0 : 1;
            foreach (HourRow row in world.Books.Rows())
            {
                var form = new ByteWriter();
                row.Write(form);
                var reader = new ByteReader(form.Written);
                HourRow read = HourRow.Read(ref reader);
                Assert.True(!reader.Failed && reader.AtEnd && read.Flows.SequenceEqual(row.Flows) && read.Levels.SequenceEqual(row.Levels));
            }
        }

        Assert.True(appraised > WorldCount / 2, $"{appraised} appraisals are too few to tell.");
    }

    [Fact]
    public void A_form_that_is_cut_is_refused()
    {
        var world = new BookWorld(5);
        world.Play(() => { });
        byte[] form = Form(world.Books);
        for (int length = 0; length < form.Length; length += 7)
        {
            Assert.Throws<InvalidDataException>(() => BrandTotals.Read(form.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_journal_applied_again_gives_the_same_bytes_touches_and_imports_too()
    {
        for (int seed = 0; seed < WorldCount; seed++)
        {
            var world = new BookWorld(seed);
            world.Play(() => { });
            foreach (BookConsumer consumer in world.Consumers.Where(c => c.Played is { Packed: not null, ErasedAt: null }))
            {
                Assert.True(consumer.Played.Packed.AsSpan().SequenceEqual(consumer.Played.Replayed()), $"seed {seed}");
            }
        }
    }

    internal static BrandPulse Pulse(BookWorld world) => world.Books.TakePulse(
        world.Brand, new PulseInputs { Version = 1, AsOf = world.Now, RulesVersion = "v", MoneyOf = _ => default });

    /// <summary>From when it last heard of anything, what a consumer's history says of an instant is what a recount says of it.</summary>
    private static void CheckHistory(BookConsumer consumer, EvidenceOracle oracle, BookWorld world, int seed)
    {
        RelationshipView view = consumer.Played.RelationshipAt(world.Now, world.Brand.Id);
        long[] instants = [.. view.StageHistory.SelectMany(c => new[] { c.At, c.At - 1 }), world.Now, consumer.LastHeard];
        foreach (long instant in instants.Where(i => i >= consumer.LastHeard && i <= world.Now))
        {
            DeeplinkStage said = view.StageHistory.LastOrDefault(c => c.At <= instant)?.To ?? DeeplinkStage.None;
            Assert.True(
                said == oracle.StageAt(instant),
                $"seed {seed}, {world.Now - instant} ms ago: {oracle.StageAt(instant)} by recount, {said} in {string.Join(", ", view.StageHistory)}");
        }
    }

    private static byte[] Form(BrandTotals totals)
    {
        var form = new ByteWriter();
        totals.Write(form);
        return form.Written.ToArray();
    }
}
