using System.Net;
using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Tests.Support.Memory;
using Decisioning.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Decisioning.Cluster.Tests.Catalogue;

public sealed class CatalogueSpreadTests
{
    private static readonly SiloAddress One = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly SiloAddress Two = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);

    private readonly StandingTime _time = new();
    private Task _funded = Task.CompletedTask;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_live_on_every_silo_when_it_returns()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(3);
        for (int change = 0; change < 12; change++)
        {
            world.SpeakTo(change % 3);
            await world.PutAsync(Documents.Simple());
            Assert.All(world.Everywhere<ClusterHost>(), host => Assert.Equal($"{change + 1}", host.Catalogue.Find(HostUnderTest.Brand)?.Version));
        }
    }

    [Fact]
    public async Task A_change_is_made_while_a_silo_is_gone_that_nobody_has_missed_yet()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(2);
        await world.PutAsync(Documents.Simple());
        await world.KillAsync(1 - await world.SiloOfAsync(world.ServiceOf<IGrainFactory>(0).GetGrain<ICatalogueGrain>(0)));
        await world.PutAsync(Documents.Simple());
        Assert.Equal("2", world.Host.Catalogue.Find(HostUnderTest.Brand)?.Version);
    }

    [Fact]
    public async Task A_silo_has_a_change_that_was_answered_after_it_read_the_catalogue_and_before_it_joined()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(2);
        await world.PutAsync(Documents.Simple());
        string? found = null;
        await world.JoinAsync(
            (ServiceLifecycleStage.RuntimeStorageServices, _ => world.PutAsync(Documents.Simple())),
            (ServiceLifecycleStage.ApplicationServices, silo => Task.FromResult(found = silo.GetRequiredService<ClusterHost>().Catalogue.Find(HostUnderTest.Brand)?.Version)));
        Assert.Equal("2", found);
    }

    [Fact]
    public async Task Nobody_waits_where_every_silo_tells()
    {
        List<(SiloAddress, long)> told = [];
        CatalogueSpread spread = SpreadTo((silo, version) =>
        {
            told.Add((silo, version));
            return Task.FromResult(true);
        });
        await spread.ReachAsync(7, Cancelled);
        Assert.Equal([(One, 7L), (Two, 7L)], told);
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("without")]
    [InlineData("gone")]
    [InlineData("unknown")]
    public async Task Who_does_not_tell_is_waited_for_until_it_takes_no_turns(string other)
    {
        CatalogueSpread spread = other == "unknown"
            ? new CatalogueSpread(static _ => throw new TimeoutException("The membership cannot be read."), static (_, _) => Task.FromResult(true), static () => Task.CompletedTask, _time)
            : SpreadTo((silo, _) => silo.Equals(One) ? Task.FromResult(true) : other switch
            {
                "silent" => new TaskCompletionSource<bool>().Task,
                "without" => Task.FromResult(false),
                _ => Task.FromException<bool>(new SiloUnavailableException("It is gone.")),
            });
        Task reached = spread.ReachAsync(7, Cancelled);
        _time.Pass(ClusterBounds.CatalogueStale - TimeSpan.FromMilliseconds(1));
        Assert.False(reached.IsCompleted);
        _time.Pass(TimeSpan.FromMilliseconds(1));
        await reached;
    }

    [Fact]
    public async Task Money_is_waited_for_no_longer_than_a_silo_that_does_not_tell()
    {
        TaskCompletionSource funded = new();
        _funded = funded.Task;
        Task lent = SpreadTo(static (_, _) => Task.FromResult(true)).ReachAsync(7, Cancelled);
        Assert.False(lent.IsCompleted);
        funded.SetResult();
        await lent;

        _funded = new TaskCompletionSource().Task;
        Task unlent = SpreadTo(static (_, _) => Task.FromResult(true)).ReachAsync(8, Cancelled);
        _time.Pass(ClusterBounds.CatalogueStale - TimeSpan.FromMilliseconds(1));
        Assert.False(unlent.IsCompleted);
        _time.Pass(TimeSpan.FromMilliseconds(1));
        await unlent;
    }

    [Fact]
    public async Task A_silo_that_has_not_heard_of_the_version_for_a_second_takes_no_turn_until_it_has()
    {
        MemoryClusterStore store = new(_time);
        ClusterSecret secret = new();
        secret.Open(store, new DecisioningOptions().Industries);
        await using ClusterCatalogue catalogue = new(store, secret, _time);
        Assert.NotNull(catalogue.Refusal());
        await catalogue.LookAsync(Cancelled);
        _time.Pass(ClusterBounds.CatalogueStale);
        Assert.Null(catalogue.Refusal());
        _time.Pass(TimeSpan.FromTicks(1));
        Assert.NotNull(catalogue.Refusal());
        store.FailNext(1);
        Assert.False(await catalogue.ReachesAsync(catalogue.Version + 1));
        Assert.NotNull(catalogue.Refusal());
        await catalogue.LookAsync(Cancelled);
        Assert.Null(catalogue.Refusal());
    }

    private CatalogueSpread SpreadTo(Func<SiloAddress, long, Task<bool>> tell) =>
        new(static _ => Task.FromResult<IReadOnlyList<SiloAddress>>([One, Two]), tell, () => _funded, _time);
}
