using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Epochs;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Consumers;

/// <summary>
/// What is left to do once an erasure has its place, and with it the consumer no state: its earlier rows are emptied down to their facts, in the pages first, since the
/// consumer's partition says which pages. The erasure counts as written when all of it is done; whoever settles it does it again.
/// </summary>
internal sealed class Erasure(ClusterTables tables, EpochPages pages, ConsumerRows consumers)
{
    public async Task FinishAsync(TurnRow erasure, TombstoneRow tombstone, CancellationToken cancellation)
    {
        ulong consumer = erasure.Consumer;
        await consumers.DropOlderSnapshotsAsync(consumer, cancellation).ConfigureAwait(false);
        List<(TableEntity Entity, TurnRow Row)> full = await consumers.RowsBefore(consumer, erasure.First, int.MaxValue, cancellation)
            .Select(static e => (e, ConsumerEntities.ReadRow(e))).Where(static r => r.Item2.Kind != TurnKind.Scrubbed).ToListAsync(cancellation).ConfigureAwait(false);
        await TableCalls.ForAllAsync(
            full.Select(static r => (r.Row.Epoch, Page: r.Entity.GetInt64(ConsumerEntities.Page)!.Value)).Distinct(),
            async (at, token) => await pages.RewriteAsync(
                at.Epoch, at.Page, rows => [.. rows.Select(r => r.Consumer == consumer && r.First < erasure.First ? Scrubbed(r) : r)], token).ConfigureAwait(false),
            cancellation).ConfigureAwait(false);
        await TableCalls.ForAllAsync(
            full, async (r, token) => await consumers.ReplaceAsync(r.Entity, Scrubbed(r.Row), token).ConfigureAwait(false), cancellation).ConfigureAwait(false);

        TableEntity known = new(Keys.Tombstones, Keys.OfConsumer(consumer)) { [ConsumerEntities.Until] = tombstone.Until };
        await tables.Cluster.UpsertEntityAsync(known, TableUpdateMode.Replace, cancellation).ConfigureAwait(false);
    }

    public async Task DropTombstonesAsync(long untilBefore, CancellationToken cancellation)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Tombstones} and Until lt {untilBefore}");
        await foreach (TableEntity known in tables.Cluster.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).ConfigureAwait(false))
        {
            await consumers.DropTombstoneAsync(Keys.ConsumerOf(known.RowKey), untilBefore, cancellation).ConfigureAwait(false);
            // The known one goes last; of one who was erased again it has another tag, and stays.
            await tables.Cluster.TryDeleteAsync(known, cancellation).ConfigureAwait(false);
        }
    }

    private static TurnRow Scrubbed(TurnRow row) => row.Kind == TurnKind.Scrubbed
        ? row
        : row with { Kind = TurnKind.Scrubbed, DueHour = null, Payloads = RowPayloads.FactsOf(row.Payloads.Span) };
}
