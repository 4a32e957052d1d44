using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Conformance;
using Decisioning.Engine.Catalogues;

namespace Decisioning.Cluster.Tests.Catalogue;

public sealed class ClusterCatalogueTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_that_was_away_takes_no_turn_before_it_has_looked_whether_its_epoch_is_still_its_own()
    {
        StandingTime time = new();
        MemoryClusterStore store = new(new ConformanceClock());
        await store.OpenAsync(1, Cancelled);
        ClusterSecret secret = new();
        secret.Open(store, System.Text.Encoding.UTF8.GetBytes(IndustryFile.Examples));
        await using ClusterCatalogue catalogue = new(store, secret, time);
        int asked = 0;
        bool held = false;
        catalogue.IsHeld = _ =>
        {
            asked++;
            return held;
        };
        await catalogue.LookAsync(Cancelled);
        time.Pass(ClusterBounds.CatalogueStale);
        await catalogue.LookAsync(Cancelled);
        Assert.Equal((0, null), (asked, catalogue.Refusal()));

        time.Pass(ClusterBounds.CatalogueStale + TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => catalogue.LookAsync(Cancelled));
        Assert.Equal(1, asked);
        Assert.NotNull(catalogue.Refusal());

        held = true;
        await catalogue.LookAsync(Cancelled);
        Assert.Null(catalogue.Refusal());
    }
}
