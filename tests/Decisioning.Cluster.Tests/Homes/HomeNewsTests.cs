using System.Net;
using Decisioning.Cluster.Homes;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Turns;
using Decisioning.Conformance;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Orleans.Runtime;

namespace Decisioning.Cluster.Tests.Homes;

public sealed class HomeNewsTests
{
    private static readonly SiloAddress One = SiloOf(1), Two = SiloOf(2);

    private readonly List<(SiloAddress Silo, ulong[] Came, ulong[] Left)> _told = [];
    private List<ulong> _present = [];
    private SiloAddress[] _others = [One, Two];
    private Func<SiloAddress, Task> _hearing = static _ => Task.CompletedTask;

    [Fact]
    public async Task Every_silo_hears_what_is_so_now_and_nothing_twice()
    {
        HomeNews news = Open();
        news.Came(1);
        news.Came(2);
        news.Left(2);
        await news.TellAllAsync();
        await news.TellAllAsync();
        Assert.Equal([(One, "1", "2"), (Two, "1", "2")], Told());
        news.Left(1);
        _others = [Two, SiloOf(3)];
        await news.TellAllAsync();
        Assert.Equal([(Two, "", "1"), (SiloOf(3), "", "1")], Told());
    }

    [Fact]
    public async Task Who_did_not_hear_is_told_again_with_what_is_newer()
    {
        HomeNews news = Open();
        _hearing = static silo => silo.Equals(One) ? throw new TimeoutException("lost") : Task.CompletedTask;
        news.Came(1);
        news.Came(2);
        await news.TellAllAsync();
        Assert.Equal([(One, "1,2", ""), (Two, "1,2", "")], Told());
        Assert.IsType<TimeoutException>(news.Trouble);
        _hearing = static _ => Task.CompletedTask;
        news.Left(2);
        await news.TellAllAsync();
        Assert.Equal([(One, "1", "2"), (Two, "", "2")], Told());
        Assert.Null(news.Trouble);

        // A silo that is gone is forgotten with what waits for it.
        _hearing = static _ => throw new TimeoutException("lost");
        news.Came(3);
        await news.TellAllAsync();
        _others = [];
        await news.TellAllAsync();
        Assert.Null(news.Trouble);
        (_others, _hearing) = ([One], static _ => Task.CompletedTask);
        Told();
        await news.TellAllAsync();
        Assert.Empty(Told());
    }

    [Fact]
    public async Task A_silo_that_does_not_answer_is_told_the_rest_when_it_has_and_holds_up_nobody()
    {
        HomeNews news = Open();
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously), asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource other = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int twos = 0;
        _hearing = silo =>
        {
            if (silo.Equals(Two))
            {
                if (++twos == 2)
                {
                    other.SetResult();
                }

                return Task.CompletedTask;
            }

            asked.TrySetResult();
            return answer.Task;
        };
        news.Came(1);
        Task first = news.TellAllAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Task second = first;
        for (news.Came(2); !other.Task.IsCompleted; second = news.TellAllAsync())
        {
            await Task.Yield();
        }

        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.Equal([(One, "1", ""), (Two, "1", ""), (Two, "2", "")], Told());
        answer.SetResult();
        await first;
        await second;
        await news.TellAllAsync();
        Assert.Equal([(One, "2", "")], Told());
    }

    [Fact]
    public async Task What_waits_for_a_silo_that_does_not_hear_is_bounded()
    {
        HomeNews news = Open();
        _others = [One];
        _hearing = static _ => throw new TimeoutException("lost");
        for (ulong key = 0; key < ClusterBounds.WaitingHomes + 10; key++)
        {
            news.Came(key);
        }

        await news.TellAllAsync();
        _told.Clear();
        _hearing = static _ => Task.CompletedTask;
        HashSet<ulong> told = [];
        int before;
        do
        {
            before = told.Count;
            await news.TellAllAsync();
            told.UnionWith(_told.SelectMany(static t => t.Came));
            Assert.All(_told, static t => Assert.InRange(t.Came.Length, 1, ClusterBounds.HomesAtOnce));
        }
        while (told.Count > before);

        Assert.Equal(ClusterBounds.WaitingHomes, told.Count);
        Assert.Equal(told.Count, _told.Sum(static t => t.Came.Length));
    }

    [Fact]
    public async Task A_silo_that_joins_hears_of_those_who_are_here_some_at_a_time_and_of_who_leaves_meanwhile()
    {
        const ulong First = ClusterBounds.HomesAtOnce;
        _present = [.. Enumerable.Range(0, ClusterBounds.HomesAtOnce + 5).Select(static n => (ulong)n)];
        _others = [One];
        HomeNews news = Open();
        await news.TellAllAsync();
        Assert.Equal(_present[..ClusterBounds.HomesAtOnce], Assert.Single(_told).Came.Order());
        news.Left(3);
        await news.TellAllAsync();
        Assert.Equal([.. Enumerable.Range(0, 5).Select(static n => First + (ulong)n)], _told[1].Came.Order());
        Assert.Equal([3UL], _told[1].Left);
        await news.TellAllAsync();
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public async Task A_silo_hears_who_came_to_another_and_who_left_it()
    {
        await using ClusterWorld world = await OpenAsync(2);
        ulong key = world.KeyOf();
        await world.RecordAsync(world.Event("first"));
        await TellAsync(world, 0);
        HomeTable homes = world.ServiceOf<HomeTable>(1);
        Assert.NotNull(homes.Find(key));
        Assert.Null(world.ServiceOf<HomeTable>(0).Find(key));
        world.SpeakTo(1);
        Assert.Equal(EventStatus.Accepted, Assert.Single(await world.RecordAsync(world.Event("second"))).Status);
        Assert.Equal((1, 0), (world.ServiceOf<NearConsumers>(0).Count, world.ServiceOf<NearConsumers>(1).Count));
        await world.EvictAsync(key);
        await TellAsync(world, 0);
        Assert.Null(homes.Find(key));
        Assert.Equal(EventStatus.Accepted, Assert.Single(await world.RecordAsync(world.Event("third"))).Status);
        Assert.Equal(1, await world.SiloOfAsync(key));
        await world.JoinAsync();
        await TellAsync(world, 1);
        Assert.NotNull(world.ServiceOf<HomeTable>(2).Find(key));
    }

    [Fact]
    public async Task A_call_goes_where_the_consumer_is_said_to_be_and_finds_it_where_that_is_wrong()
    {
        await using ClusterWorld world = await OpenAsync(3);
        SiloAddress[] silos = [.. world.Everywhere<ILocalSiloDetails>().Select(static s => s.SiloAddress)];
        ulong key = world.KeyOf();

        // Nobody has it yet: without a hint it would come to the silo that is asked.
        world.SpeakTo(1);
        world.ServiceOf<HomeTable>(1).Put(silos[0], [key]);
        await world.RecordAsync(world.Event("first"));
        Assert.Equal(0, await world.SiloOfAsync(key));

        // It is on the first, and said to be on the third.
        world.ServiceOf<HomeTable>(1).Put(silos[2], [key]);
        Assert.Equal(EventStatus.Accepted, Assert.Single(await world.RecordAsync(world.Event("second"))).Status);
        Assert.Equal(EventStatus.Duplicate, Assert.Single(await world.RecordAsync(world.Event("first"))).Status);
        Assert.Equal(0, await world.SiloOfAsync(key));

        // Another is said to be on a silo that is gone, and comes to the one that is asked.
        const string Another = "another";
        ulong other = world.KeyOf(Another);
        await world.KillAsync(2);
        world.ServiceOf<HomeTable>(1).Put(silos[2], [other]);
        Assert.Equal(EventStatus.Accepted, Assert.Single(await world.RecordAsync(world.Event("third", consumer: Another))).Status);
        Assert.Equal(1, await world.SiloOfAsync(other));
    }

    private static SiloAddress SiloOf(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111), number);

    // What is on its way, then what came meanwhile.
    private static async Task TellAsync(ClusterWorld world, int silo)
    {
        HomeNews news = world.ServiceOf<HomeNews>(silo);
        await news.TellAllAsync();
        await news.TellAllAsync();
        Assert.Null(news.Trouble);
    }

    private static async Task<ClusterWorld> OpenAsync(int silos)
    {
        ClusterWorld world = await ClusterWorld.OpenAsync(silos);
        await world.PutAsync(Documents.Simple());
        return world;
    }

    private HomeNews Open() => new(
        () => _present,
        () => _others,
        (silo, report) =>
        {
            lock (_told)
            {
                _told.Add((silo, report.Came, report.Left));
            }

            return _hearing(silo);
        },
        new HostClock(new StandingTime()));

    private (SiloAddress Silo, string Came, string Left)[] Told()
    {
        (SiloAddress, string, string)[] told =
            [.. _told.Select(static t => (t.Silo, string.Join(',', t.Came.Order()), string.Join(',', t.Left.Order()))).OrderBy(static t => t.Silo.Generation)];
        _told.Clear();
        return told;
    }
}
