using System.Numerics;
using System.Text;
using Decisioning.Cluster.Storage;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Tests.Support;

/// <summary>Rows as a silo writes them.</summary>
internal static class TestRows
{
    public const long Instant = 1_770_000_000_000;

    /// <summary>A row of one turn, or of more, whose payloads are a text and the fact that the consumer left brand 7.</summary>
    public static TurnRow Row(ulong consumer, long first, long epoch, long number, int? due = null, long? last = null, string body = "body", long instant = Instant) => new(
        consumer, first, last ?? first, epoch, number, consumer == 0 ? TurnKind.Contextual : TurnKind.Turn, instant, due,
        Payloads([.. Enumerable.Range(0, (int)((last ?? first) - first + 1)).Select(_ => body)]));

    public static byte[] Payloads(params string[] bodies)
    {
        var row = new ByteWriter();
        foreach (string body in bodies)
        {
            row.Bytes([.. Encoding.UTF8.GetBytes(body), .. Facts()]);
        }

        return row.Written.ToArray();
    }

    /// <summary>Everything of a row, to be compared.</summary>
    public static string Told(TurnRow row) =>
        $"{row.Consumer} {row.First}-{row.Last} {row.Epoch}/{row.Number} {row.Kind} {row.Instant} {row.DueHour} {Convert.ToHexString(row.Payloads.Span)}";

    public static SnapshotRow Snapshot(ulong consumer, long sequence, string state) => new(consumer, sequence, Encoding.UTF8.GetBytes(state));

    public static string StateOf(StoredConsumer consumer) => Encoding.UTF8.GetString(consumer.Snapshot.State.Span);

    public static BrandRow Brand(string id, int symbol, long version = 1) => new(id, symbol, version, Instant, "{}"u8.ToArray(), [["a", "b"], []], Deleted: false);

    public static AuditRow Audit(string brand, string action = "put") => new(brand, Instant, "local", action, "/", null, "{}");

    public static StoredBrand BooksOf(int brand, string totals, params (long Epoch, long Number)[] positions) =>
        new(brand, 0, positions.ToDictionary(p => p.Epoch, p => p.Number), Encoding.UTF8.GetBytes(totals), "money"u8.ToArray());

    /// <summary>The end of a payload: one fact in its block, the block's length and its check.</summary>
    private static ReadOnlySpan<byte> Facts()
    {
        var facts = new ByteWriter();
        facts.Varint(Instant);
        facts.Byte((byte)FactKind.Erased);
        facts.Varint(7);
        facts.Byte((byte)DeeplinkStage.Keen);
        uint check = 0x5AC7_F00D;
        foreach (byte b in facts.Written)
        {
            check = BitOperations.Crc32C(check, b);
        }

        facts.UInt32((uint)facts.Length);
        facts.UInt32(check);
        return facts.Written;
    }
}
