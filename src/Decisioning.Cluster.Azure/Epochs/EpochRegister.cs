using Azure;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Epochs;

/// <summary>An epoch as it is registered.</summary>
/// <param name="Open">True until it is closed and settled.</param>
/// <param name="Head">Null where its silo went before it wrote anything.</param>
internal sealed record RegisteredEpoch(TableEntity Entity, long Epoch, string Silo, bool Open, EpochHead? Head);

/// <summary>Which forms the store has and which epochs there are: one partition, so that none is begun while the wire contract moves.</summary>
internal sealed class EpochRegister(ClusterTables tables, EpochPages pages, EpochLog log)
{
    private const string Newest = nameof(Newest);
    private const string Silo = nameof(Silo);
    private const string OpenedAt = nameof(OpenedAt);
    private const string Open = nameof(Open);

    /// <summary>Writes the forms where there are none, checks them where there are, and moves the wire contract and older forms where no epoch is open.</summary>
    public async Task OpenAsync(int wire, CancellationToken cancellation)
    {
        TableEntity? forms;
        while ((forms = await FindFormsAsync(cancellation).ConfigureAwait(false)) is null)
        {
            TableEntity ours = new(Keys.Epochs, Keys.Forms) { [Newest] = 0L, [StoreForms.Wire] = (long)wire };
            foreach ((string name, long version) in StoreForms.Stored)
            {
                ours[name] = version;
            }

            await tables.Cluster.TryAddAsync(ours, cancellation).ConfigureAwait(false);
        }

        StoreForms.Check(MarksOf(forms));
        while (StoreForms.Moved(MarksOf(forms), wire) is [var first, ..] marks)
        {
            if ((await ReadEntitiesAsync(cancellation).ConfigureAwait(false)).Exists(static e => e.GetBoolean(Open)!.Value))
            {
                throw StoreForms.Other(first.Key, forms.GetInt64(first.Key)!.Value, first.Value);
            }

            // An epoch that was begun in between has changed the entity.
            TableEntity moved = new(Keys.Epochs, Keys.Forms);
            foreach ((string name, long version) in marks)
            {
                moved[name] = version;
            }

            await tables.Cluster.TryAsync([new(TableTransactionActionType.UpdateMerge, moved, forms.ETag)], cancellation).ConfigureAwait(false);
            forms = (await FindFormsAsync(cancellation).ConfigureAwait(false))!;
        }
    }

    public async Task<long> BeginAsync(string silo, long now, int wire, CancellationToken cancellation)
    {
        long epoch;
        TableTransactionAction[] actions;
        do
        {
            TableEntity forms = (await FindFormsAsync(cancellation).ConfigureAwait(false))!;
            if (forms.GetInt64(StoreForms.Wire) is { } theirs && theirs != wire)
            {
                throw StoreForms.OtherWire(theirs, wire);
            }

            epoch = forms.GetInt64(Newest)!.Value + 1;
            TableEntity begun = new(Keys.Epochs, Keys.Of(epoch)) { [Silo] = silo, [OpenedAt] = now, [Open] = true };
            actions =
            [
                new(TableTransactionActionType.UpdateMerge, new TableEntity(Keys.Epochs, Keys.Forms) { [Newest] = epoch }, forms.ETag),
                new(TableTransactionActionType.Add, begun),
            ];
        }
        while (await tables.Cluster.TryAsync(actions, cancellation).ConfigureAwait(false) is null);

        await pages.TryAddAsync(new EpochHead(epoch, true, 0, 0, 0, "", default), cancellation).ConfigureAwait(false);
        return epoch;
    }

    public async Task CloseAsync(long epoch, CancellationToken cancellation)
    {
        if (await tables.Cluster.FindAsync(Keys.Epochs, Keys.Of(epoch), cancellation).ConfigureAwait(false) is null)
        {
            return;
        }

        await log.CloseAsync(epoch, cancellation).ConfigureAwait(false);
        TableEntity closed = new(Keys.Epochs, Keys.Of(epoch)) { [Open] = false };
        // One that is gone meanwhile was closed before.
        await tables.Cluster.TryAsync([new(TableTransactionActionType.UpdateMerge, closed, ETag.All)], cancellation).ConfigureAwait(false);
    }

    /// <summary>All that are registered, ascending, with their heads.</summary>
    public async Task<RegisteredEpoch[]> ReadAllAsync(CancellationToken cancellation) => await TableCalls.AskAllAsync(
        await ReadEntitiesAsync(cancellation).ConfigureAwait(false),
        async (e, token) =>
        {
            long epoch = Keys.NumberOf(e.RowKey);
            return new RegisteredEpoch(e, epoch, e.GetString(Silo), e.GetBoolean(Open)!.Value, await pages.FindHeadAsync(epoch, token).ConfigureAwait(false));
        },
        cancellation).ConfigureAwait(false);

    /// <summary>Those that are open or have rows left.</summary>
    public async Task<IReadOnlyList<EpochRow>> ReadAsync(CancellationToken cancellation)
    {
        EpochRow?[] rows = await TableCalls.AskAllAsync(
            await ReadAllAsync(cancellation).ConfigureAwait(false),
            async (e, token) => e.Open || await pages.AnyAsync(e.Epoch, token).ConfigureAwait(false) ? RowOf(e) : (EpochRow?)null,
            cancellation).ConfigureAwait(false);
        return [.. rows.OfType<EpochRow>()];
    }

    public static EpochRow RowOf(RegisteredEpoch epoch) => new(epoch.Epoch, epoch.Silo, epoch.Open, epoch.Head?.Last ?? 0);

    /// <summary>Forgets a closed epoch that has no rows left.</summary>
    public async Task DropAsync(RegisteredEpoch epoch, CancellationToken cancellation)
    {
        if (epoch.Open || await pages.AnyAsync(epoch.Epoch, cancellation).ConfigureAwait(false))
        {
            return;
        }

        await tables.Cluster.TryDeleteAsync(epoch.Entity, cancellation).ConfigureAwait(false);
        await pages.DropHeadAsync(epoch.Epoch, cancellation).ConfigureAwait(false);
    }

    private static Dictionary<string, long> MarksOf(TableEntity forms) =>
        forms.Where(static f => f.Value is long).ToDictionary(static f => f.Key, static f => (long)f.Value);

    private Task<TableEntity?> FindFormsAsync(CancellationToken cancellation) => tables.Cluster.FindAsync(Keys.Epochs, Keys.Forms, cancellation);

    private async Task<List<TableEntity>> ReadEntitiesAsync(CancellationToken cancellation)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Epochs} and RowKey lt {Keys.Forms}");
        return await tables.Cluster.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).ToListAsync(cancellation).ConfigureAwait(false);
    }
}
