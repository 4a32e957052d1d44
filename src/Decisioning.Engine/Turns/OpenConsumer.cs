using Decisioning.Engine.Residency;

namespace Decisioning.Engine.Turns;

/// <summary>One consumer's state, loaded into the thread's scratch, its shard's gate held until it is disposed.</summary>
/// <param name="Slot">−1: not resident, for it was never stored.</param>
/// <param name="ErasedAt">When an earlier life of the consumer was erased; null where none was.</param>
internal readonly ref struct OpenConsumer(ResidentShard shard, ulong key, int slot, long? erasedAt)
{
    public ResidentShard Shard { get; } = shard;

    public ulong Key { get; } = key;

    public int Slot { get; } = slot;

    public long? ErasedAt { get; } = erasedAt;

    public void Dispose() => Shard.Gate.Exit();
}
