using Azure;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Consumers;

/// <summary>A consumer's rows and snapshot, in its partition.</summary>
internal sealed class ConsumerRows(ClusterTables tables)
{
    /// <summary>Entities that are read at once: with the snapshot, more turns than lie behind one as a rule.</summary>
    private const int PageEntities = 100;

    /// <summary>Older snapshots that go in one transaction with the newer one.</summary>
    private const int MostDropped = 90;

    /// <summary>Gives the row its place, with what it moves in its consumer's partition.</summary>
    /// <param name="page">Of its epoch, in which it lies too.</param>
    /// <param name="tombstone">Where it is the consumer's erasure.</param>
    /// <returns>False where somebody else has the place.</returns>
    public async Task<bool> ClaimAsync(TurnRow row, long page, TombstoneRow? tombstone, CancellationToken cancellation)
    {
        TableEntity claim = ConsumerEntities.Row(row, page);
        List<TableTransactionAction> actions = [new(TableTransactionActionType.Add, claim)];
        if ((tombstone is null ? row.DueHour : 0) is { } hour)
        {
            actions.Add(Put(ConsumerEntities.Due(row.Consumer, hour)));
        }

        if (tombstone is { } erased)
        {
            actions.Add(Put(ConsumerEntities.Erased(erased)));
            actions.Add(Put(ConsumerEntities.Snapshot(new SnapshotRow(row.Consumer, row.Last, default), Keys.Snapshot)));
        }

        while (await tables.Consumers.TryAsync(actions, cancellation).ConfigureAwait(false) is null)
        {
            TableEntity? standing = await tables.Consumers.FindAsync(claim.PartitionKey, claim.RowKey, cancellation, ConsumerEntities.RowNames).ConfigureAwait(false);
            if (standing is not null)
            {
                return standing.GetInt64(nameof(TurnRow.Epoch)) == row.Epoch && standing.GetInt64(nameof(TurnRow.Number)) == row.Number;
            }
        }

        return true;
    }

    /// <summary>The snapshot and the rows after it; begun anew where a newer snapshot came in between.</summary>
    public async Task<StoredConsumer> ReadAsync(ulong key, CancellationToken cancellation)
    {
        while (true)
        {
            (StoredConsumer read, int pages) = await ReadOnceAsync(key, cancellation).ConfigureAwait(false);
            // One page is of one instant.
            if (pages <= 1 || await ReadSequenceAsync(key, cancellation).ConfigureAwait(false) == read.Snapshot.Sequence)
            {
                return read;
            }
        }
    }

    /// <summary>The newest first, back to an erasure.</summary>
    public async Task<List<TurnRow>> ReadHistoryAsync(ulong key, int most, CancellationToken cancellation) =>
        await RowsBefore(key, long.MaxValue, most, cancellation).Select(ConsumerEntities.ReadRow)
            .TakeWhile(static r => r.Kind != TurnKind.Erasure).Where(static r => r.Kind == TurnKind.Turn).Take(most).ToListAsync(cancellation).ConfigureAwait(false);

    /// <summary>Entities of the rows that begin before a sequence, the newest first.</summary>
    public IAsyncEnumerable<TableEntity> RowsBefore(ulong key, long first, int most, CancellationToken cancellation)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.OfConsumer(key)} and RowKey gt {Keys.OfRow(first)}");
        return tables.Consumers.QueryAsync<TableEntity>(filter, Math.Min(most, PageEntities), cancellationToken: cancellation);
    }

    public async Task ReplaceAsync(TableEntity read, TurnRow row, CancellationToken cancellation)
    {
        TableEntity changed = ConsumerEntities.Row(row, read.GetInt64(ConsumerEntities.Page)!.Value);
        await tables.Consumers.TryAsync([new(TableTransactionActionType.UpdateReplace, changed, read.ETag)], cancellation).ConfigureAwait(false);
    }

    public async Task DropRowAsync(TurnRow row, CancellationToken cancellation) =>
        await tables.Consumers.DeleteEntityAsync(Keys.OfConsumer(row.Consumer), Keys.OfRow(row.First), ETag.All, cancellation).ConfigureAwait(false);

    /// <summary>Of the snapshot that stands; 0 where there is none.</summary>
    public async Task<long> ReadSequenceAsync(ulong key, CancellationToken cancellation) =>
        (await tables.Consumers.FindAsync(Keys.OfConsumer(key), Keys.Snapshot, cancellation, [nameof(SnapshotRow.Sequence)]).ConfigureAwait(false))
            ?.GetInt64(nameof(SnapshotRow.Sequence)) ?? 0;

    public async Task<int> ReadDueHourAsync(ulong key, CancellationToken cancellation) =>
        (await tables.Consumers.FindAsync(Keys.OfConsumer(key), Keys.Due, cancellation).ConfigureAwait(false))?.GetInt32(ConsumerEntities.Hour) ?? 0;

    /// <summary>Keeps a snapshot, unless it is not newer than what stands.</summary>
    /// <param name="keepOlder">A sight may still need the one that stood.</param>
    public async Task KeepAsync(SnapshotRow snapshot, bool keepOlder, CancellationToken cancellation)
    {
        while (true)
        {
            List<TableEntity> standing = await ReadSnapshotsAsync(snapshot.Consumer, cancellation).ConfigureAwait(false);
            TableEntity? newest = standing.Find(static s => s.RowKey == Keys.Snapshot);
            if (newest is not null && ConsumerEntities.ReadSnapshot(newest) is var old && old.Sequence >= snapshot.Sequence)
            {
                return;
            }

            TableEntity entity = ConsumerEntities.Snapshot(snapshot, Keys.Snapshot);
            List<TableTransactionAction> actions =
                [newest is null ? new(TableTransactionActionType.Add, entity) : new(TableTransactionActionType.UpdateReplace, entity, newest.ETag)];
            if (!keepOlder)
            {
                actions.AddRange(standing.Where(s => s != newest).Take(MostDropped).Select(static s => new TableTransactionAction(TableTransactionActionType.Delete, s, s.ETag)));
            }
            else if (newest is not null)
            {
                SnapshotRow older = ConsumerEntities.ReadSnapshot(newest);
                actions.Add(Put(ConsumerEntities.Snapshot(older, Keys.OfOlderSnapshot(older.Sequence))));
            }

            if (await tables.Consumers.TryAsync(actions, cancellation).ConfigureAwait(false) is not null)
            {
                return;
            }
        }
    }

    /// <summary>Drops the snapshots beside the one that stands.</summary>
    public async Task DropOlderSnapshotsAsync(ulong key, CancellationToken cancellation)
    {
        foreach (TableEntity older in (await ReadSnapshotsAsync(key, cancellation).ConfigureAwait(false)).Where(static s => s.RowKey != Keys.Snapshot))
        {
            await tables.Consumers.TryDeleteAsync(older, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Drops a tombstone that was to be kept until an instant before this one.</summary>
    public async Task DropTombstoneAsync(ulong key, long untilBefore, CancellationToken cancellation)
    {
        TableEntity? erased = await tables.Consumers.FindAsync(Keys.OfConsumer(key), Keys.Erased, cancellation).ConfigureAwait(false);
        if (erased?.GetInt64(ConsumerEntities.Until) < untilBefore)
        {
            await tables.Consumers.TryDeleteAsync(erased, cancellation).ConfigureAwait(false);
        }
    }

    private static TableTransactionAction Put(TableEntity entity) => new(TableTransactionActionType.UpsertReplace, entity);

    private async Task<List<TableEntity>> ReadSnapshotsAsync(ulong key, CancellationToken cancellation)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.OfConsumer(key)} and RowKey ge {Keys.Snapshot} and RowKey lt {Keys.AfterSnapshots}");
        return await tables.Consumers.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).ToListAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<(StoredConsumer Read, int Pages)> ReadOnceAsync(ulong key, CancellationToken cancellation)
    {
        SnapshotRow snapshot = new(key, 0, default);
        List<TurnRow> tail = [];
        long? erasedAt = null;
        int pages = 0;
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.OfConsumer(key)}");
        await foreach (Page<TableEntity> page in tables.Consumers.QueryAsync<TableEntity>(filter, PageEntities, null, cancellation).AsPages().ConfigureAwait(false))
        {
            pages++;
            foreach (TableEntity entity in page.Values)
            {
                if (ConsumerEntities.IsRow(entity))
                {
                    TurnRow row = ConsumerEntities.ReadRow(entity);
                    if (row.Last <= snapshot.Sequence)
                    {
                        return (Stored(), pages);
                    }

                    tail.Add(row);
                }
                else if (entity.RowKey == Keys.Snapshot)
                {
                    snapshot = ConsumerEntities.ReadSnapshot(entity);
                }
                else if (entity.RowKey == Keys.Erased)
                {
                    erasedAt = entity.GetInt64(ConsumerEntities.At);
                }
            }
        }

        return (Stored(), pages);

        StoredConsumer Stored()
        {
            tail.Reverse();
            return new StoredConsumer(snapshot, tail, erasedAt);
        }
    }
}
