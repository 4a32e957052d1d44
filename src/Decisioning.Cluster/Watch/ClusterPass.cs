using Decisioning.Cluster.Books;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Turns;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Engine;
using Decisioning.Engine.Books;
using Decisioning.Engine.Turns;

namespace Decisioning.Cluster.Watch;

/// <summary>
/// Goes over every consumer in the store for how intent is distributed, what consumers of each stage are worth and how brands of an industry compare, and tells the
/// brands' grains.
/// </summary>
internal sealed class ClusterPass(IClusterStore store, Func<int, IBrandGrain> brands, ConsumerServices services, HostClock clock)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        CatalogueSnapshot live = services.Catalogue.Current;
        long now = clock.Now;
        Census census = new(live, now);
        await using (IClusterSight sight = await store.BeginSightAsync(cancellation))
        {
            await foreach (StoredConsumer consumer in sight.ReadConsumersAsync(cancellation))
            {
                Add(census, consumer, live, now);
            }
        }

        foreach (IGrouping<string, BrandTally> industry in census.Tallies.GroupBy(static t => t.Brand.Industry))
        {
            await TellAsync(census, [.. industry], now);
        }
    }

    private void Add(Census census, StoredConsumer consumer, CatalogueSnapshot live, long now)
    {
        TurnScratch scratch = services.Scratch;
        if (ConsumerTail.Load(consumer, scratch).Lives && !scratch.Turn.State.IsMark)
        {
            scratch.Turn.Begin(consumer.Snapshot.Consumer, now, live, new LookOnlyMarket(services.Market), null);
            census.Add(scratch.Turn.State);
        }
    }

    private async Task TellAsync(Census census, BrandTally[] industry, long now)
    {
        List<double> worth = [];
        foreach (BrandTally tally in industry)
        {
            long assets = await brands(tally.Brand.Symbol).ValueAsync(new PassReport
            {
                At = now,
                Day = tally.Brand.Calendar.DayOf(now),
                Appraisal = FormOf(census.AppraisalOf(tally, 0, 0).Write),
                Net = NetOf(tally, now),
                Intent = tally.Intent.Buckets,
                Known = tally.Consumers,
            });
            if (tally.Consumers > 0)
            {
                worth.Add((double)assets / tally.Consumers);
            }
        }

        Queue<double?> indices = new(Valuation.IndustryIndex(worth));
        foreach (BrandTally tally in industry)
        {
            await brands(tally.Brand.Symbol).CompareAsync(tally.Consumers > 0 ? indices.Dequeue() : null);
        }
    }

    private static byte[] NetOf(BrandTally tally, long now)
    {
        if (tally.Net.IsEmpty)
        {
            return [];
        }

        BrandTotals part = new();
        part.SetNet(tally.Net, now);
        return FormOf(part.Write);
    }

    private static byte[] FormOf(Action<ByteWriter> write)
    {
        ByteWriter form = new();
        write(form);
        return form.Written.ToArray();
    }
}
