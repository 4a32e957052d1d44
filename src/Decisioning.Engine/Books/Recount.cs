using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Background;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Engine.Books;

/// <summary>
/// Counts every consumer of a brand anew by the stage rules and compares with the books, while turns go on; and looks whether the books agree with themselves.
/// <para>
/// A moment for both is found afterwards. Whoever is counted is counted as of its own last turn, whose journal position its state names. While the count goes on,
/// the bookkeeper's reading of the journal is tapped: every change of stage since the beginning is noted with its position. At the end both are brought to one
/// position: the books as they are, the count by adding each noted change that lies behind the state that was counted (or behind the erasure, where that came before the counting). Nobody is stopped for it. Stages are worked
/// out anew from the evidence; what had fallen due when the count began was published before it.
/// </para>
/// </summary>
internal sealed class Recount(
    Bookkeeper books, ConsumerScan scan, ITurnLog log, IStateStore store, ICatalogueSource live, IMarket market, HostClock clock,
    ThreadLocal<TurnScratch> scratches)
{
    private static readonly int Stages = Names.AllDeeplinkStages.Count;

    /// <param name="publishDue">Publishes what is due by now.</param>
    /// <exception cref="HostUnavailableException">More changed meanwhile than could be noted.</exception>
    public async Task<RecountReport> RunAsync(BrandSnapshot brand, CatalogueSnapshot catalogue, Func<Task> publishDue, Pace pace, CancellationToken cancellation)
    {
        await publishDue();
        long began = clock.Now;
        StageTap tap = new(brand.Symbol);
        long from = books.Begin(tap);
        try
        {
            Count count = new(brand, catalogue, market, began, from);
            await scan.RunAsync((key, packed) => count.Add(key, packed, scratches.Value!), () => pace.RestAsync(cancellation), (from, count.Skip));
            await log.WhenDurableAsync(count.Newest, cancellation);
            books.Follow();
            (RecountReport report, HourChain chain) = Compare(brand, count, tap);

            // Hours that have left memory do not change any more: they are read with nobody kept out.
            RecountMismatch[] hours = [.. chain.Faults(store.ReadHours(brand.Symbol, 0, chain.FirstHour).Select(HistoryReader.RowOf))];
            return report with { Mismatches = [.. report.Mismatches, .. hours] };
        }
        finally
        {
            books.End(tap);
        }
    }

    // What is read under the bookkeeper's lock is of one position: totals and notes alike.
    private (RecountReport Report, HourChain Hours) Compare(BrandSnapshot brand, Count count, StageTap tap) => books.Read(brand.Symbol, (totals, _) =>
    {
        if (tap.IsFull)
        {
            throw new HostUnavailableException("More changes while the consumers are counted than can be followed.", TimeSpan.FromMinutes(1));
        }

        long[] stages = count.At(tap.Notes);
        return (new RecountReport(clock.Now, stages, [.. Mismatches(totals, stages, live.Current.Find(brand.Symbol) ?? brand)]), new HourChain(totals));
    });

    /// <summary>Compares books with a count as of the same moment, and with themselves.</summary>
    /// <param name="stages">As counted.</param>
    /// <param name="brand">The live one: what the books name, it knows.</param>
    public static IEnumerable<RecountMismatch> Mismatches(BrandTotals totals, long[] stages, BrandSnapshot brand)
    {
        for (int stage = 0; stage < Stages; stage++)
        {
            if (totals.Counts[stage] != stages[stage])
            {
                yield return new RecountMismatch($"{SeriesMetrics.DeeplinkPrefix}{Names.Of((DeeplinkStage)stage)}", totals.Counts[stage], stages[stage]);
            }
        }

        foreach (RecountMismatch fault in Conservation.Faults(totals, brand))
        {
            yield return fault;
        }
    }

    private sealed class Count(BrandSnapshot brand, CatalogueSnapshot catalogue, IMarket market, long began, long from)
    {
        private readonly long[] _stages = new long[Stages];
        private readonly Dictionary<ulong, long> _ahead = [];

        /// <summary>Position of the newest turn that was counted.</summary>
        public long Newest { get; private set; }

        public void Add(ulong key, ReadOnlySpan<byte> packed, TurnScratch scratch)
        {
            ConsumerState state = scratch.Turn.State;
            if (!ConsumerCodec.TryRead(packed, state))
            {
                throw new InvalidDataException($"The state of consumer {key:x16} cannot be read.");
            }

            long position = state.Position;
            Newest = Math.Max(Newest, position);
            if (position > from)
            {
                _ahead[key] = position;
            }

            if (state.SlotOf(brand.Symbol) is >= 0 and int slot)
            {
                scratch.Turn.Begin(key, began, catalogue, market, null);
                _stages[(int)StageRules.At(state, slot, brand.Rules, scratch.Turn.Now)]++;
            }
        }

        /// <summary>A consumer that was erased before it could be counted: of what is noted of it, only what came later counts.</summary>
        public void Skip(ulong key, long position) => _ahead[key] = position;

        /// <summary>The count as of the last note's position.</summary>
        public long[] At(IReadOnlyList<StageNote> notes)
        {
            long[] stages = [.. _stages];
            foreach (StageNote note in notes)
            {
                if (note.Position > _ahead.GetValueOrDefault(note.Key))
                {
                    Move(stages, note.From, -1);
                    Move(stages, note.To, 1);
                }
            }

            return stages;
        }

        private static void Move(long[] stages, DeeplinkStage? stage, int by)
        {
            if (stage is { } at)
            {
                stages[(int)at] += by;
            }
        }
    }
}
