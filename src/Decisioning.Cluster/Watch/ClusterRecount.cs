using Decisioning.Cluster.Books;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Turns;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Decisioning.Engine.Books;
using Decisioning.Engine.Turns;

namespace Decisioning.Cluster.Watch;

/// <summary>
/// Counts every consumer of a brand anew by the stage rules and compares with the books, and looks whether the books agree with themselves. Both are taken from the
/// store as of one instant: consumers with the rows after their snapshots, the books with every row that is not in them. Nobody is stopped for it. What had
/// fallen due when the count began was published before it; whoever had a turn since is counted as of that turn.
/// </summary>
internal sealed class ClusterRecount(IClusterStore store, ConsumerServices services, HostClock clock)
{
    /// <param name="publishDue">Publishes what is due by now, durably.</param>
    public async Task<RecountReport> RunAsync(BrandSnapshot brand, Func<Task> publishDue, CancellationToken cancellation)
    {
        await publishDue();
        CatalogueSnapshot catalogue = services.Catalogue.Current;
        long began = clock.Now;
        BrandTotals totals;
        long[] stages = new long[Names.AllDeeplinkStages.Count];
        await using (IClusterSight sight = await store.BeginSightAsync(cancellation))
        {
            totals = await BooksOfAsync(sight, brand.Symbol, cancellation);
            await foreach (StoredConsumer consumer in sight.ReadConsumersAsync(cancellation))
            {
                if (StageOf(consumer, brand, catalogue, began) is { } stage)
                {
                    stages[(int)stage]++;
                }
            }
        }

        List<RecountMismatch> mismatches = [.. Recount.Mismatches(totals, stages, brand)];

        // Hours that have left the books' memory do not change any more.
        HourChain chain = new(totals);
        mismatches.AddRange(chain.Faults((await store.ReadHoursAsync(brand.Symbol, 0, chain.FirstHour, cancellation)).Select(HistoryReader.RowOf)));
        return new RecountReport(began, stages, [.. mismatches]);
    }

    private static async Task<BrandTotals> BooksOfAsync(IClusterSight sight, int brand, CancellationToken cancellation)
    {
        StoredBrand? stored = await sight.ReadBrandBooksAsync(brand, cancellation);
        BrandTotals totals = stored is null ? new BrandTotals() : BrandTotals.Read(stored.Totals.Span);
        foreach (EpochRow epoch in await sight.ReadEpochsAsync(cancellation))
        {
            await foreach (TurnRow row in sight.ReadRowsAsync(epoch.Epoch, stored?.Positions.GetValueOrDefault(epoch.Epoch) ?? 0, cancellation))
            {
                RowFacts.Read(row, (instant, in fact) =>
                {
                    if (fact.Brand == brand)
                    {
                        totals.Fold(instant, fact);
                    }
                });
            }
        }

        return totals;
    }

    private DeeplinkStage? StageOf(StoredConsumer consumer, BrandSnapshot brand, CatalogueSnapshot catalogue, long began)
    {
        TurnScratch scratch = services.Scratch;
        ConsumerState state = scratch.Turn.State;
        if (!ConsumerTail.Load(consumer, scratch).Lives || state.IsMark || state.SlotOf(brand.Symbol) is var slot && slot < 0)
        {
            return null;
        }

        scratch.Turn.Begin(consumer.Snapshot.Consumer, began, catalogue, new LookOnlyMarket(services.Market), null);
        return StageRules.At(state, slot, brand.Rules, scratch.Turn.Now);
    }
}
