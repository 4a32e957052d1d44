using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Turns;
using Decisioning.Core.Decide;
using Decisioning.Engine.Turns;

namespace Decisioning.Cluster.Catalogue;

/// <summary>
/// Brings every consumer under changed rules: looks at all that is stored, and gives those a turn whose stages or whose entry in the calendar the rules change.
/// It begins when every silo has the rules or decides nothing, so that no turn under the old ones follows; whoever has a turn then has it under the new ones. What
/// still waits for the store by then the pass does not see: its own silo brings it under the rules once it stands there (<see cref="ConsumerGrain"/>).
/// </summary>
internal sealed class RulesPass(IClusterStore store, RulesTurns rules, ConsumerServices services)
{
    /// <summary>Turns asked for at once.</summary>
    private const int AtOnce = 64;

    /// <summary>Why the last pass broke off; it is begun again.</summary>
    public Exception? Trouble { get; set; }

    /// <param name="brands">Symbols of the brands whose rules changed.</param>
    /// <param name="version">The catalogue's version in the store.</param>
    public async Task RunAsync(int[] brands, long version, CancellationToken cancellation)
    {
        await services.Catalogue.ReachAsync(version, cancellation);
        await Task.Delay(2 * ClusterBounds.CatalogueStale, services.Clock.Time, cancellation);
        List<Task> turns = [];
        await using IClusterSight sight = await store.BeginSightAsync(cancellation);
        await foreach (StoredConsumer consumer in sight.ReadConsumersAsync(cancellation))
        {
            if (Changes(consumer, brands))
            {
                turns.Add(rules.TakeAsync(consumer.Snapshot.Consumer, version, cancellation));
            }

            if (turns.Count == AtOnce)
            {
                await Task.WhenAll(turns);
                turns.Clear();
            }
        }

        await Task.WhenAll(turns);
        Trouble = null;
    }

    private bool Changes(StoredConsumer consumer, int[] brands)
    {
        TurnScratch scratch = services.Scratch;
        if (!ConsumerTail.Load(consumer, scratch).Lives || !Array.Exists(brands, b => scratch.Turn.State.SlotOf(b) >= 0))
        {
            return false;
        }

        scratch.Turn.Begin(consumer.Snapshot.Consumer, services.Clock.Now, services.Catalogue.Current, new LookOnlyMarket(services.Market), null);
        scratch.Turn.Reclassify();
        return scratch.Turn.Changed;
    }
}
