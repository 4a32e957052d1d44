using Decisioning.Cluster.Books;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Tests.Watch;
using Decisioning.Conformance;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Cluster.Tests.Money;

public sealed class HoldElsewhereTests
{
    [Fact]
    public async Task An_impression_of_a_contextual_choice_is_paid_by_the_silo_that_held_its_price()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(2);
        await world.PutAsync(Documents.Simple(budget: "{ \"total\": \"1\", \"pacing\": \"asap\" }"));
        DecisionRef decision = await ChooseAnywhereAsync(world);

        // The other silo has nothing, and nothing is left.
        world.SpeakTo(1 - world.SpokenTo);
        Assert.Null(await world.ChooseAsync(consumer: null));
        Assert.True(await world.TrackAsync(decision, EventType.Impression));
        foreach (int silo in (int[])[0, 1])
        {
            await world.PulseAsync(silo, static p => p.Spend.TotalMicros == 1_000_000);
        }
    }

    // The first silo to report is lent all there is.
    private static async Task<DecisionRef> ChooseAnywhereAsync(ClusterWorld world)
    {
        while (true)
        {
            world.SpeakTo(1 - world.SpokenTo);
            if (await world.ChooseAsync(consumer: null) is { } made)
            {
                return made.Ref;
            }

            await world.ServiceOf<SiloBooks>(world.SpokenTo).ReportAllAsync(settle: false);
        }
    }
}
