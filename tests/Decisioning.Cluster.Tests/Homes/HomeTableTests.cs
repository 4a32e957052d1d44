using System.Net;
using Decisioning.Cluster.Homes;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;

namespace Decisioning.Cluster.Tests.Homes;

public sealed class HomeTableTests
{
    private const int Places = 256;

    private static readonly SiloAddress One = SiloOf(1), Two = SiloOf(2);

    [Fact]
    public void A_consumer_is_where_it_was_last_heard_to_be()
    {
        HomeTable table = new(Places);
        Assert.Null(table.Find(0));
        Assert.False(table.Forget(0));
        table.Put(One, [0, 7, ulong.MaxValue]);
        table.Put(Two, [7]);
        Assert.Equal((One, Two, One), (table.Find(0), table.Find(7), table.Find(ulong.MaxValue)));
        Assert.Null(table.Find(8));

        // Who has lost it is not who has it.
        table.Remove(One, [7, ulong.MaxValue]);
        Assert.Equal((Two, null), (table.Find(7), table.Find(ulong.MaxValue)));
        table.Remove(SiloOf(3), [0]);
        Assert.True(table.Forget(7));
        Assert.Equal((One, null), (table.Find(0), table.Find(7)));
    }

    [Fact]
    public void Of_two_consumers_of_one_place_the_one_heard_of_last_is_known()
    {
        HomeTable table = new(Places);
        const ulong First = 5, Second = 5 + Places, Far = 5 + (1UL << 63);
        foreach (ulong key in new[] { First, Second, Far })
        {
            table.Put(One, [key]);
            Assert.Equal([key], new[] { First, Second, Far }.Where(k => table.Find(k) is not null));
        }

        table.Remove(One, [First]);
        Assert.Equal(One, table.Find(Far));
    }

    [Fact]
    public void Whatever_keys_come_none_is_said_to_be_where_it_was_never_heard_to_be()
    {
        HomeTable table = new(Places);
        Random random = new(11);
        Dictionary<ulong, SiloAddress> last = [];
        SiloAddress[] silos = [.. Enumerable.Range(1, 600).Select(SiloOf)];
        for (int i = 0; i < 20_000; i++)
        {
            ulong key = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & (random.Next(2) == 0 ? ulong.MaxValue : 1023);
            SiloAddress silo = silos[i / 40 + random.Next(100)];
            if (random.Next(4) == 0)
            {
                table.Remove(silo, [key]);
                if (last.GetValueOrDefault(key)?.Equals(silo) == true)
                {
                    last.Remove(key);
                }
            }
            else
            {
                table.Put(silo, [key]);
                last[key] = silo;
                Assert.Equal(silo, table.Find(key));
            }
        }

        (ulong Key, SiloAddress? Found)[] found = [.. last.Keys.Select(k => (k, table.Find(k)))];
        Assert.All(found, f => Assert.True(f.Found is null || f.Found.Equals(last[f.Key])));
        Assert.Contains(found, static f => f.Found is not null);
    }

    [Fact]
    public void A_hint_is_followed_for_consumers_alone_where_Orleans_knows_nothing_and_the_silo_takes_calls()
    {
        HomeTable homes = new(Places);
        HashSet<SiloAddress> active = [One, Two];
        Known known = new();
        HomeCache cache = new(known, homes, active.Contains);
        GrainId consumer = GrainId.Create(GrainType.Create("decisioning.consumer"), GrainIdKeyExtensions.CreateIntegerKey(7));
        GrainId brand = GrainId.Create(GrainType.Create("decisioning.brand"), GrainIdKeyExtensions.CreateIntegerKey(7));
        homes.Put(One, [7]);
        Assert.Equal((One, null), (At(consumer), At(brand)));
        active.Remove(One);
        Assert.Null(At(consumer));
        active.Add(One);

        // What Orleans has found out is surer than what was said.
        cache.AddOrUpdate(new GrainAddress { GrainId = consumer, SiloAddress = Two }, 3);
        Assert.Equal(Two, At(consumer));
        Assert.True(cache.Remove(new GrainAddress { GrainId = consumer, SiloAddress = Two }));
        Assert.Equal(One, At(consumer));
        Assert.False(cache.Remove(new GrainAddress { GrainId = consumer, SiloAddress = Two }));
        Assert.Equal(One, At(consumer));
        Assert.True(cache.Remove(new GrainAddress { GrainId = consumer, SiloAddress = One }));
        Assert.Null(At(consumer));
        homes.Put(One, [7]);
        Assert.True(cache.Remove(consumer));
        Assert.False(cache.Remove(consumer));
        Assert.Null(At(consumer));

        SiloAddress? At(GrainId grain) => cache.LookUp(grain, out GrainAddress? address, out _) ? address.SiloAddress : null;
    }

    private static SiloAddress SiloOf(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111), number);

    private sealed class Known : IGrainDirectoryCache
    {
        private readonly Dictionary<GrainId, (GrainAddress Address, int Version)> _known = [];

        public IEnumerable<(GrainAddress ActivationAddress, int Version)> KeyValues => _known.Values;

        public void AddOrUpdate(GrainAddress value, int version) => _known[value.GrainId] = (value, version);

        public bool Remove(GrainId key) => _known.Remove(key);

        public bool Remove(GrainAddress key) => _known.TryGetValue(key.GrainId, out (GrainAddress Address, int) known) && known.Address.Equals(key) && _known.Remove(key.GrainId);

        public void Clear() => _known.Clear();

        public bool LookUp(GrainId key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out GrainAddress? result, out int version)
        {
            bool found = _known.TryGetValue(key, out (GrainAddress Address, int Version) known);
            (result, version) = known;
            return found;
        }
    }
}
