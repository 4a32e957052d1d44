using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>One reading transaction, from which everything comes page by page.</summary>
internal sealed class SqlSight(SqlClusterStore store, DbConnection connection, DbTransaction transaction) : IClusterSight
{
    private const int PageConsumers = 500;
    private const int PageRows = 1_000;

    public async IAsyncEnumerable<StoredConsumer> ReadConsumersAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        long after = long.MinValue;
        List<ulong> keys;
        do
        {
            keys = await store.GuardAsync(() => SqlTurnRows.ReadKeysAsync(connection, after, PageConsumers, cancellation)).ConfigureAwait(false);
            foreach (StoredConsumer consumer in await store.GuardAsync(() => store.ReadConsumersAsync(connection, keys, cancellation)).ConfigureAwait(false))
            {
                yield return consumer;
                after = (long)consumer.Snapshot.Consumer;
            }
        }
        while (keys.Count == PageConsumers);
    }

    public Task<StoredBrand?> ReadBrandBooksAsync(int brand, CancellationToken cancellation) =>
        store.GuardAsync(() => SqlBooksRows.ReadAsync(connection, brand, cancellation));

    public async IAsyncEnumerable<TurnRow> ReadRowsAsync(long epoch, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<TurnRow> page;
        do
        {
            page = await store.GuardAsync(() => SqlTurnRows.ReadEpochAsync(connection, epoch, after, PageRows, cancellation)).ConfigureAwait(false);
            foreach (TurnRow row in page)
            {
                yield return row;
                after = row.Number;
            }
        }
        while (page.Count == PageRows);
    }

    public Task<IReadOnlyList<EpochRow>> ReadEpochsAsync(CancellationToken cancellation) =>
        store.GuardAsync<IReadOnlyList<EpochRow>>(async () => await SqlTurnRows.ReadEpochsAsync(connection, cancellation).ConfigureAwait(false));

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
