using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;

namespace Decisioning.Cluster.Azure.Epochs;

/// <summary>Heads and pages of epochs, as they lie in their partitions.</summary>
internal sealed class EpochPages(ClusterTables tables)
{
    public async Task<EpochHead?> FindHeadAsync(long epoch, CancellationToken cancellation) =>
        await tables.Turns.FindAsync(Keys.Of(epoch), Keys.Head, cancellation).ConfigureAwait(false) is { } head ? EpochHead.Read(head) : null;

    /// <summary>False where there is one already.</summary>
    public Task<bool> TryAddAsync(EpochHead head, CancellationToken cancellation) => tables.Turns.TryAddAsync(head.ToEntity(), cancellation);

    /// <summary>Changes the head; null where somebody else changed it: nothing was done.</summary>
    /// <returns>The head as it now stands.</returns>
    public async Task<EpochHead?> TryChangeAsync(EpochHead head, IReadOnlyList<TableTransactionAction> settled, CancellationToken cancellation) =>
        await tables.Turns.TryAsync([head.ToAction(), .. settled], cancellation).ConfigureAwait(false) is { } tags ? head with { Tag = tags[0] } : null;

    /// <summary>Changes the head and adds pages; null where somebody else changed it: nothing was done.</summary>
    /// <returns>Both as they now stand.</returns>
    public async Task<(EpochHead Head, IReadOnlyList<LogPage> Pages)?> TryAddAsync(EpochHead head, IReadOnlyList<LogPage> added, CancellationToken cancellation)
    {
        TableTransactionAction[] actions = [head.ToAction(), .. added.Select(static p => new TableTransactionAction(TableTransactionActionType.Add, p.ToEntity()))];
        return await tables.Turns.TryAsync(actions, cancellation).ConfigureAwait(false) is { } tags
            ? (head with { Tag = tags[0] }, [.. added.Select((p, i) => p with { Tag = tags[i + 1] })])
            : null;
    }

    /// <summary>Pages with numbers after one, ascending, up to the page that one is the last of.</summary>
    public async IAsyncEnumerable<LogPage> ReadAsync(
        long epoch, long after, long upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Of(epoch)} and RowKey gt {Keys.OfPage(after)} and RowKey le {Keys.OfPage(upTo)}");
        await foreach (TableEntity entity in tables.Turns.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).ConfigureAwait(false))
        {
            yield return LogPage.Read(entity);
        }
    }

    /// <summary>Rows after a number, ascending, of which it is known that they were taken.</summary>
    public async IAsyncEnumerable<TurnRow> ReadRowsAsync(
        long epoch, long after, long settled, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (LogPage page in ReadAsync(epoch, after, settled, cancellation).ConfigureAwait(false))
        {
            foreach (TurnRow row in page.Rows.Where(r => r.Number > after))
            {
                yield return row;
            }
        }
    }

    public async Task<bool> AnyAsync(long epoch, CancellationToken cancellation)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Of(epoch)} and RowKey gt {Keys.Head}");
        return await tables.Turns.QueryAsync<TableEntity>(filter, 1, ["RowKey"], cancellation).AnyAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Changes the rows of a page, whoever else changes it meanwhile; one that is left without rows goes.</summary>
    public async Task RewriteAsync(long epoch, long page, Func<IReadOnlyList<TurnRow>, IReadOnlyList<TurnRow>> change, CancellationToken cancellation)
    {
        while (await tables.Turns.FindAsync(Keys.Of(epoch), Keys.OfPage(page), cancellation).ConfigureAwait(false) is { } entity)
        {
            LogPage read = LogPage.Read(entity);
            if (await tables.Turns.TryAsync([Replacing(read, change(read.Rows))], cancellation).ConfigureAwait(false) is not null)
            {
                return;
            }
        }
    }

    public async Task DropHeadAsync(long epoch, CancellationToken cancellation) =>
        await tables.Turns.DeleteEntityAsync(Keys.Of(epoch), Keys.Head, ETag.All, cancellation).ConfigureAwait(false);

    /// <summary>What puts rows in the place of those that a page was read with.</summary>
    public static TableTransactionAction Replacing(LogPage read, IReadOnlyList<TurnRow> rows) => rows.Count > 0
        ? new(TableTransactionActionType.UpdateReplace, (read with { Rows = rows }).ToEntity(), read.Tag)
        : new(TableTransactionActionType.Delete, new TableEntity(Keys.Of(read.Epoch), Keys.OfPage(read.Last)), read.Tag);
}
