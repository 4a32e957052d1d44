namespace Decisioning.Engine.Identity;

/// <summary>How keys lie in shards: the high bits choose the shard, so that walking the shards in order walks the keys in order.</summary>
internal readonly struct KeySpace
{
    private readonly int _shift;
    private readonly ulong _low;

    /// <param name="shards">A power of two.</param>
    public KeySpace(int shards)
    {
        _shift = 64 - int.Log2(shards);
        _low = _shift == 64 ? ulong.MaxValue : (1UL << _shift) - 1;
    }

    public int ShardOf(ulong key) => _shift == 64 ? 0 : (int)(key >> _shift);

    /// <summary>The lowest and the highest key of a shard; in this order also as signed numbers, where there is more than one shard.</summary>
    public (ulong First, ulong Last) RangeOf(int shard) => _shift == 64 ? (1UL << 63, long.MaxValue) : ((ulong)shard << _shift, ((ulong)shard << _shift) | _low);

    /// <summary>The key for a hash: never 0, which stands for nobody.</summary>
    public static ulong First(ulong hash) => hash == 0 ? 1 : hash;

    /// <summary>The key to look at where this one is somebody else's: the following one of the same shard.</summary>
    public ulong Next(ulong key)
    {
        ulong next = (key & ~_low) | ((key + 1) & _low);
        return First(next);
    }
}
