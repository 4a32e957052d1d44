using Decisioning.Core.Consumers;
using Decisioning.Engine.Residency;

namespace Decisioning.Engine.Tests.Residency;

/// <summary>Measures the whole process's heap, so it runs when no other test does.</summary>
[Collection(nameof(HeapTests))]
[CollectionDefinition(nameof(HeapTests), DisableParallelization = true)]
public sealed class HeapTests
{
    [Fact]
    public void The_table_s_count_of_bytes_is_what_the_heap_grows_by()
    {
        const int Consumers = 50_000;
        byte[] packed = new byte[600];
        PackedStates.Packed(new string('x', 100), 1).CopyTo(packed, 0);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(2), packed.Length);
        Assert.Equal(packed.Length, ConsumerCodec.LengthOf(packed));

        long before = GC.GetTotalMemory(forceFullCollection: true);
        ResidentTable table = new(64, 1 << 30);
        Random random = new(3);
        for (int i = 0; i < Consumers; i++)
        {
            ulong key = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            table.ShardOf(key).Insert(key, packed);
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(table.Bytes, 0.97 * grown, 1.03 * grown);
        Assert.True(grown / Consumers < 700, $"{grown / Consumers} bytes a consumer");
        GC.KeepAlive(table);
    }
}
