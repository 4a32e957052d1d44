using Decisioning.Core.Consumers;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Storage;

/// <summary>The binary form of <see cref="StoredBrand.Positions"/>.</summary>
internal static class PositionsForm
{
    public static byte[] Of(IReadOnlyDictionary<long, long> positions)
    {
        var form = new ByteWriter();
        foreach ((long epoch, long number) in positions.OrderBy(p => p.Key))
        {
            form.Varint((ulong)epoch);
            form.Varint((ulong)number);
        }

        return form.Written.ToArray();
    }

    /// <exception cref="StorageException">The bytes are not such a form.</exception>
    public static Dictionary<long, long> Read(ReadOnlySpan<byte> form)
    {
        var positions = new Dictionary<long, long>();
        var from = new ByteReader(form);
        while (!from.AtEnd)
        {
            positions.Add((long)from.Varint(), (long)from.Varint());
        }

        return from.Failed ? throw new StorageException("The positions of a brand's books are not what was written") : positions;
    }
}
