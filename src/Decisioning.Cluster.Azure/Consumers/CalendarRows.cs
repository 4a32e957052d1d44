using System.Globalization;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;

namespace Decisioning.Cluster.Azure.Consumers;

/// <summary>
/// Consumers by the hour in which something may fall due. The consumer's own partition says which hour it is; here it is entered afterwards, so that an entry may
/// be out of date, and is then dropped by whoever reads it.
/// </summary>
internal sealed class CalendarRows(ClusterTables tables, ConsumerRows consumers)
{
    public Task EnterAsync(int hour, ulong consumer, CancellationToken cancellation) =>
        tables.Calendar.UpsertEntityAsync(new TableEntity(KeyOf(hour), Keys.OfConsumer(consumer)), TableUpdateMode.Replace, cancellation);

    public async Task<List<DueRow>> ReadAsync(int shard, int shards, int upToHour, int most, CancellationToken cancellation)
    {
        List<DueRow> due = [];
        string filter = TableClient.CreateQueryFilter($"PartitionKey le {KeyOf(upToHour)}");
        await foreach (var page in tables.Calendar.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).AsPages().ConfigureAwait(false))
        {
            TableEntity[] entered = [.. page.Values.Where(e => Keys.ConsumerOf(e.RowKey) % (ulong)shards == (ulong)shard)];
            foreach (DueRow? row in await TableCalls.AskAllAsync(entered, CheckAsync, cancellation).ConfigureAwait(false))
            {
                if (row is { } still)
                {
                    due.Add(still);
                }

                if (due.Count == most)
                {
                    return due;
                }
            }
        }

        return due;
    }

    private static string KeyOf(int hour) => hour.ToString("D10", CultureInfo.InvariantCulture);

    private async Task<DueRow?> CheckAsync(TableEntity entered, CancellationToken cancellation)
    {
        DueRow row = new(int.Parse(entered.PartitionKey, CultureInfo.InvariantCulture), Keys.ConsumerOf(entered.RowKey));
        if (await consumers.ReadDueHourAsync(row.Consumer, cancellation).ConfigureAwait(false) == row.Hour)
        {
            return row;
        }

        // An entry that was made again since has another tag, and stays.
        await tables.Calendar.TryDeleteAsync(entered, cancellation).ConfigureAwait(false);
        return null;
    }
}
