using System.Data.Common;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Storage.Sql;

/// <summary>Rows of turns as both dialects read them.</summary>
internal static class SqlTurnRows
{
    public const string Columns = "consumer, first, last, epoch, number, kind, instant, due_hour, payloads";

    public static TurnRow Read(DbDataReader row) => Read(row, 0);

    public static async Task<List<TurnRow>> ReadEpochAsync(DbConnection connection, long epoch, long after, int most, CancellationToken cancellation) =>
        await connection.Statement($"SELECT {Columns} FROM turns WHERE epoch = $1 AND number > $2 ORDER BY number LIMIT $3", epoch, after, (long)most)
            .ReadAllAsync(Read, cancellation).ConfigureAwait(false);

    public static async Task<List<TurnRow>> ReadHistoryAsync(DbConnection connection, ulong consumer, int most, CancellationToken cancellation) =>
        await connection.Statement(
                $"SELECT {Columns} FROM turns WHERE consumer = $1 AND kind = $2 ORDER BY first DESC LIMIT $3", (long)consumer, (int)TurnKind.Turn, (long)most)
            .ReadAllAsync(Read, cancellation).ConfigureAwait(false);

    public static async Task<List<EpochRow>> ReadEpochsAsync(DbConnection connection, CancellationToken cancellation)
    {
        List<(EpochRow Row, long Newest)> epochs = await connection.Statement("""
            SELECT epoch, silo, open, last, coalesce((SELECT number FROM turns t WHERE t.epoch = e.epoch ORDER BY number DESC LIMIT 1), 0)
            FROM epochs e ORDER BY epoch
            """).ReadAllAsync(r => (new EpochRow(r.GetInt64(0), r.GetString(1), r.GetBoolean(2), r.GetInt64(3)), r.GetInt64(4)), cancellation).ConfigureAwait(false);
        return [.. epochs.Where(e => e.Row.Open || e.Newest > 0).Select(e => e.Row with { Last = Math.Max(e.Row.Last, e.Newest) })];
    }

    /// <summary>Reads consumers as of one instant, in one statement: a row for each head, and one for each row behind its snapshot.</summary>
    /// <param name="keySource">A table <c>w(consumer, ord)</c> made of parameter <c>$1</c>.</param>
    /// <param name="keyValue">The keys as the value of that parameter.</param>
    public static async Task<StoredConsumer[]> ReadConsumersAsync(
        DbConnection connection, IReadOnlyList<ulong> keys, string keySource, object keyValue, CancellationToken cancellation)
    {
        string sql = $"""
            WITH heads AS MATERIALIZED (
                SELECT w.ord, w.consumer, coalesce(s.sequence, 0) AS sequence, s.state, b.erased_at
                FROM {keySource} LEFT JOIN snapshots s ON s.consumer = w.consumer LEFT JOIN tombstones b ON b.consumer = w.consumer)
            SELECT ord, consumer, 0 AS first, sequence, 0, 0, 0, erased_at, NULL, state FROM heads
            UNION ALL
            SELECT h.ord, t.consumer, t.first, t.last, t.epoch, t.number, t.kind, t.instant, t.due_hour, t.payloads
            FROM heads h JOIN turns t ON t.consumer = h.consumer AND t.last > h.sequence AND t.first >= coalesce(
                (SELECT p.first FROM turns p WHERE p.consumer = h.consumer AND p.first <= h.sequence ORDER BY p.first DESC LIMIT 1), 0)
            ORDER BY 1, 3
            """;
        var consumers = new StoredConsumer[keys.Count];
        var tails = new List<TurnRow>[keys.Count];
        await connection.Statement(sql, keyValue).ReadAllAsync(
            row =>
            {
                int at = (int)row.GetInt64(0);
                if (row.GetInt64(2) == 0)
                {
                    byte[] state = row.IsDBNull(9) ? [] : row.GetBytes(9);
                    consumers[at] = new(new SnapshotRow(keys[at], row.GetInt64(3), state), tails[at] = [], row.IsDBNull(7) ? null : row.GetInt64(7));
                }
                else
                {
                    tails[at].Add(Read(row, 1));
                }

                return at;
            },
            cancellation).ConfigureAwait(false);
        return consumers;
    }

    /// <summary>The keys after one, ascending as signed numbers, that have a snapshot or a row.</summary>
    public static async Task<List<ulong>> ReadKeysAsync(DbConnection connection, long after, int most, CancellationToken cancellation) =>
        await connection.Statement("""
            SELECT consumer FROM (SELECT consumer FROM snapshots WHERE consumer > $1 ORDER BY consumer LIMIT $2) AS s
            UNION
            SELECT consumer FROM (SELECT DISTINCT consumer FROM turns WHERE consumer > $1 AND consumer <> 0 ORDER BY consumer LIMIT $2) AS t
            ORDER BY 1 LIMIT $2
            """, after, (long)most).ReadAllAsync(r => (ulong)r.GetInt64(0), cancellation).ConfigureAwait(false);

    private static TurnRow Read(DbDataReader row, int at) => new(
        (ulong)row.GetInt64(at),
        row.GetInt64(at + 1),
        row.GetInt64(at + 2),
        row.GetInt64(at + 3),
        row.GetInt64(at + 4),
        (TurnKind)row.GetInt32(at + 5),
        row.GetInt64(at + 6),
        row.IsDBNull(at + 7) ? null : row.GetInt32(at + 7),
        row.GetBytes(at + 8));
}
