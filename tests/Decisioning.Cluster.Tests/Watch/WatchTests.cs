using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Cluster.Watch;
using Decisioning.Conformance;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Tests.Watch;

public sealed class WatchTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_silo_shows_the_same_books_within_a_moment()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(silos: 3);
        await world.PutAsync(Documents.Simple());
        for (int i = 0; i < 30; i++)
        {
            world.SpeakTo(i % 3);
            await world.RecordAsync(world.Event($"e-{i}", EventType.Cart, $"c-{i}"));
        }

        for (int silo = 0; silo < 3; silo++)
        {
            BrandPulse pulse = await world.PulseAsync(silo, p => p.Activity.Events == 30);
            Assert.Equal(30, pulse.Deeplink.Sum());
            Assert.Same(pulse, await world.PulseAsync(silo, static _ => true));
        }

        Series series = (await world.WatchOf(1).ReadHistoryAsync(HostUnderTest.Brand, new SeriesQuery("events", world.Clock.Now - HostUnderTest.DayMs, world.Clock.Now + 1, false), Cancelled))!;
        Assert.Equal(30, series.Points.Sum(static p => p.Value));
        Assert.Null(world.WatchOf(0).ReadPulse("nobody"));
        Assert.Null(await world.WatchOf(0).ReadHistoryAsync("nobody", default, Cancelled));
        await Assert.ThrowsAsync<ArgumentException>(async () => await world.WatchOf(0).ReadHistoryAsync(HostUnderTest.Brand, new SeriesQuery("none", 0, 1, false), Cancelled));
    }

    [Fact]
    public async Task A_recount_is_right_while_turns_go_on()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(silos: 3);
        await world.PutAsync(Documents.Simple());
        await world.RecordAsync(world.Event("e", EventType.View, "somebody"));
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task load = Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            Random random = new(worker);
            EventType[] types = [EventType.View, EventType.Cart, EventType.Purchase, EventType.Search];
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                await world.RecordAsync(world.Event($"e-{worker}-{i}", types[random.Next(4)], $"c-{random.Next(60)}"));
                await world.DecideAsync($"c-{random.Next(60)}");
                if (random.Next(20) == 0)
                {
                    await world.Host.EraseConsumerAsync($"c-{random.Next(60)}", Cancelled);
                }
            }
        })));
        for (int round = 0; round < 12; round++)
        {
            RecountReport report = (await world.WatchOf(round % 3).RecountAsync(HostUnderTest.Brand, Cancelled))!;
            Assert.Empty(report.Mismatches);
            Assert.True(report.Stages.Sum() > 0);
            world.Clock.Now += 3_600_000;
        }

        await enough.CancelAsync();
        await load;
        Assert.Empty((await world.WatchOf(0).RecountAsync(HostUnderTest.Brand, Cancelled))!.Mismatches);
    }

    [Fact]
    public async Task A_recount_tells_a_state_and_books_that_were_tampered_with()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync();
        await world.PutAsync(Documents.Simple());
        for (int i = 0; i < 5; i++)
        {
            await world.RecordAsync(world.Event($"e-{i}", EventType.Cart, $"c-{i}"));
        }

        Assert.True((await world.WatchOf(0).RecountAsync(HostUnderTest.Brand, Cancelled))!.Ok);

        // A consumer of whom no row told anybody.
        ulong key = world.KeyOf("c-0");
        StoredConsumer stored = (await world.Store.ReadConsumersAsync([key], Cancelled))[0];
        ConsumerState state = new();
        state.Reset("c-0"u8);
        state.Sequence = (uint)(stored.Tail.Count == 0 ? stored.Snapshot.Sequence : stored.Tail[^1].Last);
        byte[] packed = new byte[ConsumerCodec.SizeOf(state)];
        ConsumerCodec.Write(state, packed);
        await world.Store.WriteSnapshotsAsync([new SnapshotRow(key, state.Sequence, packed)], Cancelled);
        RecountReport missing = (await world.WatchOf(0).RecountAsync(HostUnderTest.Brand, Cancelled))!;
        RecountMismatch one = Assert.Single(missing.Mismatches);
        Assert.Equal(1, one.Books - one.Counted);
    }

    [Fact]
    public async Task A_recount_tells_books_that_were_tampered_with()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync();
        await world.PutAsync(Documents.Simple());
        await world.RecordAsync(world.Event("e", EventType.Cart));
        await world.PulseAsync(0, static p => p.Activity.Events == 1);
        int brand = world.Host.Catalogue.Find(HostUnderTest.Brand)!.Symbol;
        StoredBrand? stored = await world.Store.ReadBrandBooksAsync(brand, Cancelled);
        Dictionary<long, long> skipped = (await world.Store.ReadEpochsAsync(Cancelled)).ToDictionary(static e => e.Epoch, static e => e.Last);
        ByteWriter empty = new();
        new BrandTotals().Write(empty);
        Assert.True(await world.Store.WriteBrandBooksAsync(
            new StoredBrand(brand, (stored?.Version ?? 0) + 1, skipped, empty.Written.ToArray(), default), [], stored?.Version ?? 0, Cancelled));
        RecountReport report = (await world.WatchOf(0).RecountAsync(HostUnderTest.Brand, Cancelled))!;
        RecountMismatch wrong = Assert.Single(report.Mismatches);
        Assert.Equal((0, 1), (wrong.Books, wrong.Counted));
    }

    [Fact]
    public async Task Books_outlive_the_silo_that_kept_them_and_miss_nothing_of_one_that_died()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(silos: 3);
        await world.PutAsync(Documents.Simple());
        for (int i = 0; i < 60; i++)
        {
            world.SpeakTo(i % 3);
            await world.RecordAsync(world.Event($"e-{i}", EventType.View, $"c-{i}"));
        }

        await world.KillAsync(2);
        world.SpeakTo(0);
        for (int i = 60; i < 80; i++)
        {
            await world.RecordAsync(world.Event($"e-{i}", EventType.View, $"c-{i}"));
        }

        for (int silo = 0; silo < 2; silo++)
        {
            await world.PulseAsync(silo, static p => p.Activity.Events >= 80);
        }

        Assert.Equal(80, (await world.PulseAsync(0, static _ => true)).Activity.Events);
        Assert.Empty((await world.WatchOf(1).RecountAsync(HostUnderTest.Brand, Cancelled))!.Mismatches);
    }

    [Fact]
    public async Task A_pass_finds_intent_and_what_consumers_are_worth()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync(silos: 2);
        await world.PutAsync(Documents.Simple());
        for (int i = 0; i < 10; i++)
        {
            await world.RecordAsync(world.Event($"e-{i}", EventType.Cart, $"c-{i}"));
        }

        await world.ServiceOf<IGrainFactory>(0).GetGrain<IPassGrain>(0).RunAsync();
        BrandPulse pulse = await world.PulseAsync(1, static p => p.Intent.AsOf > 0 && p.Assets.ValueMicros > 0);
        Assert.Equal(10, pulse.Intent.Buckets.Sum());
        await world.RecordAsync(world.Event("more", EventType.Cart, "c-more"));
        BrandPulse after = await world.PulseAsync(1, static p => p.Activity.Events == 11);
        Assert.Equal(pulse.Assets.ValueMicros / 10, after.Assets.ValueMicros - pulse.Assets.ValueMicros);
        Assert.Empty((await world.WatchOf(0).RecountAsync(HostUnderTest.Brand, Cancelled))!.Mismatches);
    }
}
