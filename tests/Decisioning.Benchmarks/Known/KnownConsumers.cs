using Decisioning.Core.Consumers;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Storage;

namespace Decisioning.Benchmarks.Known;

/// <summary>Writes consumers straight into a data folder that no host has open, as if they had been written back.</summary>
internal static class KnownConsumers
{
    private const int Batch = 100_000;

    public static void Write(string folder, PackedConsumers consumers, int count)
    {
        KeyedConsumerHash hash = new(EngineSecret.Open(folder));
        (ulong Key, int Number)[] order = new (ulong, int)[count];
        Parallel.For(0, count, n => order[n] = (KeySpace.First(hash.Of(ConsumerCodec.IdOf(consumers.Of(n)))), n));
        Array.Sort(order, static (a, b) => ((long)a.Key).CompareTo((long)b.Key));

        using SqliteStateStore store = SqliteStateStore.Open(folder);
        foreach ((ulong Key, int Number)[] some in order.Chunk(Batch))
        {
            KeyValuePair<ulong, ReadOnlyMemory<byte>>[] states = [.. some.Select(s => KeyValuePair.Create(s.Key, (ReadOnlyMemory<byte>)consumers.Of(s.Number)))];
            CalendarMove[] calendar = [.. states.Select(s => new CalendarMove(s.Key, 0, ConsumerCodec.CalendarHourOf(s.Value.Span)))];
            store.Write(states, null, null, calendar);
        }
    }
}
