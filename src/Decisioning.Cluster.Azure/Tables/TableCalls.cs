using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Decisioning.Cluster.Azure.Tables;

/// <summary>Calls of a table that answer where a condition did not hold, instead of throwing.</summary>
internal static class TableCalls
{
    /// <summary>Requests of one call that are under way at once.</summary>
    public const int AtOnce = 48;

    /// <summary>Null where there is none.</summary>
    public static async Task<TableEntity?> FindAsync(
        this TableClient table, string partition, string row, CancellationToken cancellation, IEnumerable<string>? select = null)
    {
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, select, cancellation).ConfigureAwait(false);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Does all in one transaction; null where an entity was there already, was not there, or was changed since: then nothing was done.</summary>
    /// <param name="actions">Of one partition, 100 at most.</param>
    /// <returns>What is expected of each entity when it is next changed.</returns>
    public static async Task<IReadOnlyList<ETag>?> TryAsync(this TableClient table, IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellation)
    {
        try
        {
            Response<IReadOnlyList<Response>> done = await table.SubmitTransactionAsync(actions, cancellation).ConfigureAwait(false);
            return [.. done.Value.Select(static r => r.Headers.ETag ?? default)];
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            return null;
        }
    }

    /// <summary>False where an entity of these keys was there already.</summary>
    public static async Task<bool> TryAddAsync(this TableClient table, TableEntity entity, CancellationToken cancellation) =>
        await table.TryAsync([new(TableTransactionActionType.Add, entity)], cancellation).ConfigureAwait(false) is not null;

    /// <summary>Removes an entity as it was read; one that was changed since stays.</summary>
    public static async Task TryDeleteAsync(this TableClient table, TableEntity entity, CancellationToken cancellation)
    {
        try
        {
            await table.DeleteEntityAsync(entity.PartitionKey, entity.RowKey, entity.ETag, cancellation).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            // It is somebody else's newer one.
        }
    }

    public static bool IsConflict(RequestFailedException e) =>
        e.ErrorCode == TableErrorCode.EntityAlreadyExists || e.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied || e.ErrorCode == TableErrorCode.ResourceNotFound;

    /// <summary>Does the work for each, several at once.</summary>
    public static Task ForAllAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, ValueTask> work, CancellationToken cancellation) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, work);

    /// <summary>Asks for each, several at once; answers in their order.</summary>
    public static async Task<TAnswer[]> AskAllAsync<T, TAnswer>(IReadOnlyList<T> all, Func<T, CancellationToken, Task<TAnswer>> ask, CancellationToken cancellation)
    {
        var answers = new TAnswer[all.Count];
        await ForAllAsync(Enumerable.Range(0, all.Count), async (i, token) => answers[i] = await ask(all[i], token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        return answers;
    }
}
