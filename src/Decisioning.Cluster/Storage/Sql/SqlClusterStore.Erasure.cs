using System.Data.Common;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Storage.Sql;

public abstract partial class SqlClusterStore
{
    public Task<bool> EraseAsync(TurnRow erasure, TombstoneRow tombstone, CancellationToken cancellation) => WriteAsync(
        async (connection, token) =>
        {
            await using (DbTransaction transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false))
            {
                if (!await AppendErasureAsync(connection, erasure, token).ConfigureAwait(false))
                {
                    return false;
                }

                await EmptyRowsAsync(connection, erasure, token).ConfigureAwait(false);
                await connection.Statement("""
                    INSERT INTO snapshots(consumer, sequence, state) VALUES ($1, $2, $3)
                    ON CONFLICT (consumer) DO UPDATE SET sequence = excluded.sequence, state = excluded.state WHERE snapshots.sequence < excluded.sequence
                    """, (long)erasure.Consumer, erasure.Last, Array.Empty<byte>()).RunAsync(token).ConfigureAwait(false);
                await connection.Statement("DELETE FROM calendar WHERE consumer = $1", (long)erasure.Consumer).RunAsync(token).ConfigureAwait(false);
                await connection.Statement("""
                    INSERT INTO tombstones(consumer, erased_at, until) VALUES ($1, $2, $3)
                    ON CONFLICT (consumer) DO UPDATE SET erased_at = excluded.erased_at, until = excluded.until
                    """, (long)tombstone.Key, tombstone.ErasedAt, tombstone.Until).RunAsync(token).ConfigureAwait(false);
                await transaction.CommitAsync(token).ConfigureAwait(false);
            }

            await ForgetAsync(connection, token).ConfigureAwait(false);
            return true;
        },
        cancellation);

    public Task DropTombstonesAsync(long untilBefore, CancellationToken cancellation) =>
        WriteAsync((c, token) => c.Statement("DELETE FROM tombstones WHERE until < $1", untilBefore).RunAsync(token), cancellation);

    public Task DropHoursAsync(int before, CancellationToken cancellation) =>
        WriteAsync((c, token) => c.Statement("DELETE FROM hours WHERE hour < $1", before).RunAsync(token), cancellation);

    public Task TrimAsync(long beforeInstant, CancellationToken cancellation) => WriteAsync(
        async (connection, token) =>
        {
            (HashSet<int> live, HashSet<int> deleted) = await SqlCatalogueRows.ReadSymbolsAsync(connection, token).ConfigureAwait(false);
            Dictionary<int, IReadOnlyDictionary<long, long>> positions = await SqlBooksRows.ReadPositionsAsync(connection, token).ConfigureAwait(false);
            foreach (EpochRow epoch in await SqlTurnRows.ReadEpochsAsync(connection, token).ConfigureAwait(false))
            {
                long upTo = Math.Min(epoch.Last, TrimBound.Of(epoch.Epoch, positions, live, deleted));
                await TrimEpochAsync(connection, epoch, upTo, beforeInstant, token).ConfigureAwait(false);
            }

            await connection.Statement("DELETE FROM epochs WHERE NOT open AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.epoch = epochs.epoch)").RunAsync(token).ConfigureAwait(false);
            await ForgetAsync(connection, token).ConfigureAwait(false);
            return true;
        },
        cancellation);

    /// <summary>Piece by piece, until rows are reached that are newer. The epoch's last number is kept first, since its row may go before others do.</summary>
    private static async Task TrimEpochAsync(DbConnection connection, EpochRow epoch, long upTo, long beforeInstant, CancellationToken cancellation)
    {
        await connection.Statement("UPDATE epochs SET last = $2 WHERE epoch = $1 AND last < $2", epoch.Epoch, epoch.Last).RunAsync(cancellation).ConfigureAwait(false);
        for (long after = 0; await NextOldAsync(connection, epoch.Epoch, after, upTo, beforeInstant, cancellation).ConfigureAwait(false) is { } next;)
        {
            after = Math.Min(next + TrimSpan - 1, upTo);
            await connection.Statement("""
                DELETE FROM turns WHERE epoch = $1 AND number >= $2 AND number <= $3 AND instant < $4
                    AND (consumer = 0 OR EXISTS (SELECT 1 FROM snapshots s WHERE s.consumer = turns.consumer AND s.sequence >= turns.last))
                """, epoch.Epoch, next, after, beforeInstant).RunAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The next number, where its row is from before the instant; null at the end.</summary>
    private static async Task<long?> NextOldAsync(DbConnection connection, long epoch, long after, long upTo, long beforeInstant, CancellationToken cancellation) =>
        await connection.Statement("""
            SELECT CASE WHEN instant < $4 THEN number END FROM turns WHERE epoch = $1 AND number > $2 AND number <= $3 ORDER BY number LIMIT 1
            """, epoch, after, upTo, beforeInstant).ReadNumberAsync(cancellation).ConfigureAwait(false);

    private static async Task EmptyRowsAsync(DbConnection connection, TurnRow erasure, CancellationToken cancellation)
    {
        List<(long First, byte[] Payloads)> rows = await connection.Statement(
            "SELECT first, payloads FROM turns WHERE consumer = $1 AND first < $2 AND kind <> 0", (long)erasure.Consumer, erasure.First)
            .ReadAllAsync(r => (r.GetInt64(0), r.GetBytes(1)), cancellation).ConfigureAwait(false);
        await using DbCommand empty = connection.Statement(
            "UPDATE turns SET kind = 0, due_hour = NULL, payloads = $3 WHERE consumer = $1 AND first = $2", (long)erasure.Consumer, 0L, Array.Empty<byte>());
        foreach ((long first, byte[] payloads) in rows)
        {
            await empty.With((long)erasure.Consumer, first, RowPayloads.FactsOf(payloads)).ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>False: refused.</summary>
    private async Task<bool> AppendErasureAsync(DbConnection connection, TurnRow row, CancellationToken cancellation)
    {
        if (await connection.Statement($"SELECT epoch FROM epochs WHERE epoch = $1 AND open{HoldEpoch}", row.Epoch).ReadNumberAsync(cancellation).ConfigureAwait(false) is not null)
        {
            await connection.Statement(
                $"INSERT INTO turns({SqlTurnRows.Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
                (long)row.Consumer, row.First, row.Last, row.Epoch, row.Number, (short)row.Kind, row.Instant, row.DueHour, row.Payloads).RunAsync(cancellation).ConfigureAwait(false);
        }

        return await connection.Statement(
            "SELECT number FROM turns WHERE consumer = $1 AND first = $2 AND epoch = $3 AND number = $4", (long)row.Consumer, row.First, row.Epoch, row.Number)
            .ReadNumberAsync(cancellation).ConfigureAwait(false) is not null;
    }
}
