using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Consumers;
using Decisioning.Cluster.Azure.Epochs;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Sights;

/// <summary>
/// What there was when every epoch was as far as told: rows by their numbers, snapshots by the rows that they end with. Whoever was erased since is left out, for nothing of
/// them is kept that could be shown.
/// </summary>
internal sealed class TableSight(
    ClusterTables tables, EpochPages pages, SightRegister register, string name, IReadOnlyDictionary<int, StoredBrand> books, RegisteredEpoch[] epochs,
    Func<Exception, CancellationToken, StorageException?> failure) : IClusterSight
{
    private readonly Dictionary<long, long> _settled = epochs.ToDictionary(static e => e.Epoch, static e => e.Head?.Settled ?? 0);

    public async IAsyncEnumerable<StoredConsumer> ReadConsumersAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        List<TableEntity> one = [];
        await foreach (Page<TableEntity> page in GuardAsync(tables.Consumers.QueryAsync<TableEntity>(cancellationToken: cancellation).AsPages(), cancellation).ConfigureAwait(false))
        {
            foreach (TableEntity entity in page.Values)
            {
                if (one.Count > 0 && one[0].PartitionKey != entity.PartitionKey)
                {
                    if (Seen(one) is { } seen)
                    {
                        yield return seen;
                    }

                    one.Clear();
                }

                one.Add(entity);
            }
        }

        if (one.Count > 0 && Seen(one) is { } last)
        {
            yield return last;
        }
    }

    public Task<StoredBrand?> ReadBrandBooksAsync(int brand, CancellationToken cancellation) => Task.FromResult(books.GetValueOrDefault(brand));

    public IAsyncEnumerable<TurnRow> ReadRowsAsync(long epoch, long after, CancellationToken cancellation) =>
        GuardAsync(pages.ReadRowsAsync(epoch, after, _settled.GetValueOrDefault(epoch), cancellation), cancellation);

    public Task<IReadOnlyList<EpochRow>> ReadEpochsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<EpochRow>>([.. epochs.Where(static e => e.Open || e.Head?.Last > 0).Select(EpochRegister.RowOf)]);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await register.EndAsync(name, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (failure(e, CancellationToken.None) is { } told)
        {
            throw told;
        }
    }

    /// <summary>Null where there was nothing of the consumer yet, and where it was erased since.</summary>
    private StoredConsumer? Seen(List<TableEntity> entities)
    {
        TurnRow[] rows = [.. entities.Where(ConsumerEntities.IsRow).Select(ConsumerEntities.ReadRow).Reverse()];
        if (rows.Any(r => r.Kind == TurnKind.Erasure && !Was(r)))
        {
            return null;
        }

        // The newest first: of one that was not there yet, the row that it ends with was not either.
        SnapshotRow snapshot = entities.Where(ConsumerEntities.IsSnapshot).Select(ConsumerEntities.ReadSnapshot)
            .FirstOrDefault(s => !rows.Any(r => r.First <= s.Sequence && r.Last >= s.Sequence && !Was(r)), new SnapshotRow(Keys.ConsumerOf(entities[0].PartitionKey), 0, default));
        TurnRow[] tail = [.. rows.Where(r => r.Last > snapshot.Sequence && Was(r))];
        long? erasedAt = entities.Find(static e => e.RowKey == Keys.Erased)?.GetInt64(ConsumerEntities.At);
        return snapshot.Sequence > 0 || tail.Length > 0 ? new StoredConsumer(snapshot, tail, erasedAt) : null;
    }

    private bool Was(TurnRow row) => _settled.TryGetValue(row.Epoch, out long settled) && row.Number <= settled;

    private async IAsyncEnumerable<T> GuardAsync<T>(IAsyncEnumerable<T> source, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using IAsyncEnumerator<T> from = source.GetAsyncEnumerator(cancellation);
        while (await NextAsync().ConfigureAwait(false))
        {
            yield return from.Current;
        }

        // What was read is what there was, as long as the sight stood to the end.
        await register.RequireAsync(name, cancellation).ConfigureAwait(false);

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await from.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (failure(e, cancellation) is { } told)
            {
                throw told;
            }
        }
    }
}
