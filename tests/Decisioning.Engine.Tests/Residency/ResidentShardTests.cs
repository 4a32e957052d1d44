using Decisioning.Core.Consumers;
using Decisioning.Engine.Residency;

namespace Decisioning.Engine.Tests.Residency;

public sealed class ResidentShardTests
{
    private readonly ResidentGauge _gauge = new();
    private readonly ResidentShard _shard;

    public ResidentShardTests() => _shard = new ResidentShard(new StatePool(1 << 20), _gauge);

    /// <summary>Keys in a narrow range, so that runs of them wrap and move; every operation against a dictionary.</summary>
    [Fact]
    public void It_holds_what_a_dictionary_holds()
    {
        Dictionary<ulong, byte[]> model = [];
        Random random = new(7);
        for (int step = 1; step <= 20_000; step++)
        {
            ulong key = (ulong)random.Next(1, 300) * (random.Next(4) == 0 ? 1024UL : 1);
            int slot = _shard.Find(key);
            Assert.Equal(model.ContainsKey(key), slot >= 0);
            string id = new('x', random.Next(1, 128));
            if (slot >= 0 && random.Next(2) == 0)
            {
                Assert.Equal(model[key], _shard.StateAt(slot));
                _shard.Remove(slot);
                model.Remove(key);
            }
            else if (slot >= 0 || random.Next(2) == 0)
            {
                _shard.Store(key, slot, PackedStates.State(id, step));
                model[key] = PackedStates.Packed(id, step);
            }
            else
            {
                model[key] = PackedStates.Packed(id, step);
                _shard.Insert(key, model[key]);
            }

            Assert.Equal(model.Count, _gauge.Count);
        }

        foreach ((ulong key, byte[] packed) in model)
        {
            Assert.Equal(packed, _shard.StateAt(_shard.Find(key)));
        }
    }

    [Fact]
    public void What_is_clean_and_untouched_leaves_at_the_second_visit_and_what_is_dirty_stays()
    {
        _shard.Insert(1, PackedStates.Packed("clean", 1));
        _shard.Insert(2, PackedStates.Packed("touched", 1));
        _shard.Store(3, -1, PackedStates.State("dirty", 1));
        Assert.Equal(0, _shard.Sweep());
        _shard.Touch(_shard.Find(2));
        Assert.Equal(1, _shard.Sweep());
        Assert.True(_shard.Find(1) < 0);
        Assert.True(_shard.Find(2) >= 0);
        Assert.Equal(1, _shard.Sweep());
        Assert.Equal(0, _shard.Sweep());
        Assert.True(_shard.Find(3) >= 0);
    }

    [Fact]
    public void What_changed_after_it_was_copied_stays_dirty()
    {
        _shard.Store(1, -1, PackedStates.State("a", 5));
        _shard.Store(1, _shard.Find(1), PackedStates.State("a", 6));
        _shard.MarkWritten(1, 5, calendarHour: 0);
        Assert.Equal(1, _gauge.Dirty);
        _shard.MarkWritten(1, 6, calendarHour: 0);
        Assert.Equal(0, _gauge.Dirty);
    }

    [Fact]
    public void Leaving_changes_the_generation()
    {
        uint before = _shard.Generation;
        _shard.Remove(_shard.Insert(1, PackedStates.Packed("a", 1)));
        Assert.NotEqual(before, _shard.Generation);
    }

    [Fact]
    public void A_state_that_leaves_is_overwritten()
    {
        StatePool pool = new(1 << 20);
        ResidentShard shard = new(pool, new ResidentGauge());
        byte[] packed = PackedStates.Packed("somebody", 1);
        shard.Remove(shard.Insert(1, packed));
        Assert.All(pool.Rent(packed.Length), b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_full_table_drops_what_is_clean_and_refuses_when_nothing_is()
    {
        ResidentTable table = new(1, 1 << 20);
        ResidentShard shard = table.Shards[0];
        ulong key = 1;
        for (; table.Bytes <= 1 << 20; key++)
        {
            shard.Insert(key, PackedStates.Packed(new string('x', 100), 1));
        }

        Assert.True(table.TryMakeRoom(shard));
        Assert.True(table.Gauge.Count < (long)key / 2);
        while (table.Bytes <= (1 << 20) + (1 << 16))
        {
            shard.Store(++key, -1, PackedStates.State(new string('x', 100), 1));
        }

        Assert.False(table.TryMakeRoom(shard));
        Assert.Equal(table.Gauge.Dirty, table.Gauge.Count);
    }
}
