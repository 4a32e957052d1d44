using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Consumers;

/// <summary>The entities of a consumer's partition.</summary>
internal static class ConsumerEntities
{
    public const string Page = nameof(Page);
    public const string Hour = nameof(Hour);
    public const string Until = nameof(Until);
    public const string At = nameof(At);

    private const string State = nameof(State);
    private const string Payloads = nameof(Payloads);

    /// <summary>What a row is known by, without what it holds.</summary>
    public static IReadOnlyList<string> RowNames { get; } = [nameof(TurnRow.Epoch), nameof(TurnRow.Number)];

    /// <param name="page">Of its epoch, in which it lies too.</param>
    public static TableEntity Row(TurnRow row, long page)
    {
        TableEntity entity = new(Keys.OfConsumer(row.Consumer), Keys.OfRow(row.First))
        {
            [nameof(TurnRow.First)] = row.First,
            [nameof(TurnRow.Last)] = row.Last,
            [nameof(TurnRow.Epoch)] = row.Epoch,
            [nameof(TurnRow.Number)] = row.Number,
            [nameof(TurnRow.Kind)] = (int)row.Kind,
            [nameof(TurnRow.Instant)] = row.Instant,
            [Page] = page,
        };
        if (row.DueHour is { } due)
        {
            entity[nameof(TurnRow.DueHour)] = due;
        }

        Chunks.Set(entity, Payloads, row.Payloads.Span, $"A row of consumer {row.Consumer}");
        return entity;
    }

    public static TurnRow ReadRow(TableEntity entity) => new(
        Keys.ConsumerOf(entity.PartitionKey), entity.GetInt64(nameof(TurnRow.First))!.Value, entity.GetInt64(nameof(TurnRow.Last))!.Value,
        entity.GetInt64(nameof(TurnRow.Epoch))!.Value, entity.GetInt64(nameof(TurnRow.Number))!.Value, (TurnKind)entity.GetInt32(nameof(TurnRow.Kind))!.Value,
        entity.GetInt64(nameof(TurnRow.Instant))!.Value, entity.GetInt32(nameof(TurnRow.DueHour)), Chunks.Get(entity, Payloads));

    public static TableEntity Snapshot(SnapshotRow snapshot, string key)
    {
        TableEntity entity = new(Keys.OfConsumer(snapshot.Consumer), key) { [nameof(SnapshotRow.Sequence)] = snapshot.Sequence };
        Chunks.Set(entity, State, snapshot.State.Span, $"The state of consumer {snapshot.Consumer}");
        return entity;
    }

    public static SnapshotRow ReadSnapshot(TableEntity entity) =>
        new(Keys.ConsumerOf(entity.PartitionKey), entity.GetInt64(nameof(SnapshotRow.Sequence))!.Value, Chunks.Get(entity, State));

    public static TableEntity Due(ulong consumer, int hour) => new(Keys.OfConsumer(consumer), Keys.Due) { [Hour] = hour };

    public static TableEntity Erased(TombstoneRow tombstone) =>
        new(Keys.OfConsumer(tombstone.Key), Keys.Erased) { [At] = tombstone.ErasedAt, [Until] = tombstone.Until };

    public static bool IsRow(TableEntity entity) => entity.RowKey.StartsWith(Keys.AfterSnapshots, StringComparison.Ordinal);

    /// <summary>The one that stands, or an older one that a sight still needs.</summary>
    public static bool IsSnapshot(TableEntity entity) => entity.RowKey.StartsWith(Keys.Snapshot, StringComparison.Ordinal);
}
