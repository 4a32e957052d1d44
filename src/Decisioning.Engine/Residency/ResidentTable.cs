using Decisioning.Engine.Identity;

namespace Decisioning.Engine.Residency;

/// <summary>
/// The consumers in memory. Bounded in bytes: the clock's hand goes over the shards and drops clean states that were not touched since it last passed.
/// </summary>
internal sealed class ResidentTable
{
    private const int SparePart = 32;
    private const int SoftPart = 16;

    private readonly ResidentShard[] _shards;
    private readonly StatePool _pool;
    private readonly KeySpace _space;
    private readonly long _maxBytes;
    private int _hand;

    /// <param name="shards">A power of two.</param>
    /// <param name="maxBytes">What states may take, spare arrays included.</param>
    public ResidentTable(int shards, long maxBytes)
    {
        _space = new KeySpace(shards);
        _pool = new StatePool(maxBytes / SparePart);
        _maxBytes = maxBytes;
        _shards = new ResidentShard[shards];
        for (int i = 0; i < shards; i++)
        {
            _shards[i] = new ResidentShard(_pool, Gauge);
        }
    }

    public ResidentGauge Gauge { get; } = new();

    public KeySpace Space => _space;

    /// <summary>In the order of their keys.</summary>
    public ReadOnlySpan<ResidentShard> Shards => _shards;

    /// <summary>Everything that states take: arrays in use, tables, spare arrays.</summary>
    public long Bytes => Gauge.Bytes + _pool.Bytes;

    /// <summary>True from a sixteenth below the bound on: time to drop some.</summary>
    public bool IsTight => Bytes > _maxBytes - _maxBytes / SoftPart;

    public ResidentShard ShardOf(ulong key) => _shards[_space.ShardOf(key)];

    /// <summary>
    /// Makes room for one more in the shard, whose gate the caller holds. False where memory is a sixteenth over its bound all the same, because what lies in it
    /// is dirty or just touched.
    /// </summary>
    public bool TryMakeRoom(ResidentShard shard)
    {
        if (Bytes <= _maxBytes)
        {
            return true;
        }

        if (shard.Sweep() == 0)
        {
            shard.Sweep();
        }

        return Bytes <= _maxBytes + _maxBytes / SoftPart;
    }

    /// <summary>Moves the hand over so many shards. Returns how many consumers left.</summary>
    public int Sweep(int shards)
    {
        int left = 0;
        for (int i = 0; i < shards; i++)
        {
            ResidentShard shard = _shards[_hand];
            _hand = (_hand + 1) & (_shards.Length - 1);
            lock (shard.Gate)
            {
                left += shard.Sweep();
            }
        }

        return left;
    }

    /// <summary>Drops what may be dropped until there is some room again, at most two rounds of the hand.</summary>
    public void Relieve()
    {
        for (int i = 0; i < 2 * _shards.Length && IsTight; i++)
        {
            Sweep(1);
        }
    }
}
