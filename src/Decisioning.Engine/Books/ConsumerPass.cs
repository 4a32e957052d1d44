using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Engine.Background;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Engine.Books;

/// <summary>
/// Goes over every consumer for what no single turn can know: how intent is distributed, what consumers of each stage are worth, and how brands of an industry
/// compare. Once a local day of the brand, at the first pass in it, assets are valued anew and the day before gets its net moves. What the values come from is kept
/// with them, and which turns were seen.
/// </summary>
internal sealed class ConsumerPass(
    Bookkeeper books, PassResults results, ConsumerScan scan, ITurnLog log, ICatalogueSource catalogue, IMarket market, HostClock clock,
    ThreadLocal<TurnScratch> scratches)
{
    /// <summary>Whether a brand has over twice the consumers that the newest pass found: any, where there was none since the start.</summary>
    public bool IsOverdue() => Array.Exists(catalogue.Current.Brands, b => KnownTo(b) > 2 * results.Of(b.Symbol).Known);

    public async Task RunAsync(Pace pace, CancellationToken cancellation)
    {
        CatalogueSnapshot live = catalogue.Current;
        long from = log.DurablePosition, to = from;
        long now = clock.Now;
        Census census = new(live, now);
        long[] known = [.. live.Brands.Select(KnownTo)];
        await scan.RunAsync(
            (key, packed) =>
            {
                TurnScratch scratch = scratches.Value!;
                if (!ConsumerCodec.TryRead(packed, scratch.Turn.State))
                {
                    throw new InvalidDataException($"The state of consumer {key:x16} cannot be read.");
                }

                to = Math.Max(to, scratch.Turn.State.Position);

                // A consumer whose last turn was a moment after the pass began is taken as of that turn.
                scratch.Turn.Begin(key, now, live, market, null);
                census.Add(scratch.Turn.State);
            },
            () => pace.RestAsync(cancellation));

        // Nothing is valued by turns that a crash may yet take back.
        await log.WhenDurableAsync(to, cancellation);
        foreach (BrandTally tally in census.Tallies)
        {
            Value(tally, census.AppraisalOf(tally, from, to));
        }

        Publish(census.Tallies, known);
    }

    private long KnownTo(BrandSnapshot brand) => books.Read(brand.Symbol, static (totals, _) =>
    {
        long known = 0;
        foreach (long count in totals.Counts)
        {
            known += count;
        }

        return known;
    });

    private void Value(BrandTally tally, Appraisal appraisal)
    {
        int today = tally.Brand.Calendar.DayOf(appraisal.At);
        if (books.Read(tally.Brand.Symbol, static (totals, _) => totals.AccountingDay) is not { } valued || valued < today)
        {
            books.Revalue(tally.Brand.Symbol, appraisal, today);
            if (!tally.Net.IsEmpty)
            {
                books.SetNet(tally.Brand.Symbol, tally.Net, appraisal.At);
            }
        }
    }

    /// <param name="known">Consumers of each as the pass began.</param>
    private void Publish(IReadOnlyList<BrandTally> tallies, long[] known)
    {
        foreach (IGrouping<string, (int Index, BrandTally Item)> industry in tallies.Index().GroupBy(t => t.Item.Brand.Industry))
        {
            BrandTally[] brands = [.. industry.Select(t => t.Item).Where(t => t.Consumers > 0)];
            double?[] indices = Valuation.IndustryIndex([.. brands.Select(PerConsumer)]);
            foreach ((int index, BrandTally tally) in industry)
            {
                int at = Array.IndexOf(brands, tally);
                results.Set(tally.Brand.Symbol, new PassResult(tally.Intent, at < 0 ? null : indices[at], known[index]));
            }
        }
    }

    private double PerConsumer(BrandTally tally) => (double)books.Read(tally.Brand.Symbol, static (totals, _) => totals.AssetsMicros) / tally.Consumers;
}
