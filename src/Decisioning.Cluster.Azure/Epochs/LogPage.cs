using Azure;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Epochs;

/// <summary>Rows of one epoch that lie in one entity.</summary>
/// <param name="Last">Number of its last row when it was written: its name.</param>
/// <param name="Tombstone">Where the page is a consumer's erasure.</param>
/// <param name="Tag">What it is changed by; default while it is not written.</param>
internal sealed record LogPage(long Epoch, long Last, IReadOnlyList<TurnRow> Rows, TombstoneRow? Tombstone, ETag Tag)
{
    private const string Bytes = "Rows";
    private const string ErasedAt = nameof(ErasedAt);
    private const string Until = nameof(Until);

    /// <summary>Bytes that the form of a row has beside its payloads, at most.</summary>
    private const int RowHead = 64;

    /// <summary>Rows from one on that fit in one entity; one at least.</summary>
    public static LogPage Take(IReadOnlyList<TurnRow> rows, int from, TombstoneRow? tombstone)
    {
        int to = from, bytes = 0;
        do
        {
            bytes += rows[to].Payloads.Length + RowHead;
        }
        while (++to < rows.Count && bytes + rows[to].Payloads.Length + RowHead <= Chunks.Most);

        return new LogPage(rows[from].Epoch, rows[to - 1].Number, [.. rows.Skip(from).Take(to - from)], tombstone, default);
    }

    public static LogPage Read(TableEntity entity)
    {
        long epoch = Keys.NumberOf(entity.PartitionKey);
        IReadOnlyList<TurnRow> rows = Read(epoch, Chunks.Get(entity, Bytes));
        TombstoneRow? tombstone = entity.GetInt64(ErasedAt) is { } at ? new TombstoneRow(rows[0].Consumer, at, entity.GetInt64(Until)!.Value) : null;
        return new LogPage(epoch, Keys.NumberOf(entity.RowKey[1..]), rows, tombstone, entity.ETag);
    }

    public TableEntity ToEntity()
    {
        TableEntity entity = new(Keys.Of(Epoch), Keys.OfPage(Last));
        ByteWriter form = new();
        foreach (TurnRow row in Rows)
        {
            form.UInt64(row.Consumer);
            form.Varint((ulong)row.First);
            form.Varint((ulong)(row.Last - row.First));
            form.Varint((ulong)row.Number);
            form.Byte((byte)row.Kind);
            form.Signed(row.Instant);
            form.Varint((ulong)((row.DueHour ?? -1) + 1));
            form.Bytes(row.Payloads.Span);
        }

        Chunks.Set(entity, Bytes, form.Written, $"A row of consumer {Rows[0].Consumer}");
        if (Tombstone is { } tombstone)
        {
            (entity[ErasedAt], entity[Until]) = (tombstone.ErasedAt, tombstone.Until);
        }

        return entity;
    }

    private static List<TurnRow> Read(long epoch, byte[] form)
    {
        List<TurnRow> rows = [];
        ByteReader from = new(form);
        while (!from.AtEnd)
        {
            ulong consumer = from.UInt64();
            long first = (long)from.Varint(), last = first + (long)from.Varint(), number = (long)from.Varint();
            var kind = (TurnKind)from.Byte();
            long instant = from.Signed();
            int due = (int)from.Varint() - 1;
            rows.Add(new TurnRow(consumer, first, last, epoch, number, kind, instant, due < 0 ? null : due, from.Bytes().ToArray()));
        }

        return from.Failed ? throw new StorageException($"A page of epoch {epoch} is not what was written") : rows;
    }
}
