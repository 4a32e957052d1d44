using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Books;
using Decisioning.Cluster.Azure.Epochs;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Sights;

/// <summary>
/// Begins sights. Tables know no instant, so one is made: writing rests in every epoch at once for a few calls, and how far each is then is the instant. A sight
/// is registered before, so that from then on snapshots it needs are kept when newer ones come.
/// </summary>
internal sealed class SightRegister(ClusterTables tables, EpochRegister epochs, EpochLog log, EpochPages pages, BookRows books)
{
    /// <summary>A sight that is held for longer is over: whoever began it is gone.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>How often an instant is looked for.</summary>
    private const int Attempts = 20;

    private const string Until = nameof(Until);
    private const string Clock = "clock";
    private const string Now = "now";

    /// <summary>The service's clock, ms since the Unix epoch: by the time it puts on what is written.</summary>
    public async Task<long> ReadClockAsync(CancellationToken cancellation)
    {
        await tables.Cluster.UpsertEntityAsync(new TableEntity(Clock, Now), TableUpdateMode.Replace, cancellation).ConfigureAwait(false);
        TableEntity written = (await tables.Cluster.FindAsync(Clock, Now, cancellation).ConfigureAwait(false))!;
        return written.Timestamp!.Value.ToUnixTimeMilliseconds();
    }

    /// <summary>True while what is old may still be asked for.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellation) =>
        await Registered(cancellation).AnyAsync(cancellation).ConfigureAwait(false);

    /// <summary>Drops those that were held for too long, and says whether others are left.</summary>
    public async Task<bool> DropLapsedAsync(CancellationToken cancellation)
    {
        bool left = false;
        long now = await ReadClockAsync(cancellation).ConfigureAwait(false);
        await foreach (TableEntity sight in Registered(cancellation).ConfigureAwait(false))
        {
            left |= sight.GetInt64(Until) >= now;
            if (sight.GetInt64(Until) < now)
            {
                await tables.Cluster.TryDeleteAsync(sight, cancellation).ConfigureAwait(false);
            }
        }

        return left;
    }

    public async Task<IClusterSight> BeginAsync(Func<Exception, CancellationToken, StorageException?> failure, CancellationToken cancellation)
    {
        await DropLapsedAsync(cancellation).ConfigureAwait(false);
        string sight = await RegisterAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Books before the instant: whatever they have is in what is then read.
            Dictionary<int, StoredBrand> stored = await books.ReadAllAsync(cancellation).ConfigureAwait(false);
            RegisteredEpoch[] instant = await FindInstantAsync(sight, cancellation).ConfigureAwait(false);
            return new TableSight(tables, pages, this, sight, stored, instant, failure);
        }
        catch
        {
            await EndAsync(sight, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <exception cref="StorageException">The sight was held for too long.</exception>
    public async Task RequireAsync(string sight, CancellationToken cancellation)
    {
        if (await tables.Cluster.FindAsync(Keys.Sights, sight, cancellation).ConfigureAwait(false) is null)
        {
            throw new StorageException($"What was seen at one instant was held for over {Longest.TotalHours} hours and is gone: begin again");
        }
    }

    public async Task EndAsync(string sight, CancellationToken cancellation) =>
        await tables.Cluster.DeleteEntityAsync(Keys.Sights, sight, cancellationToken: cancellation).ConfigureAwait(false);

    private async Task<string> RegisterAsync(CancellationToken cancellation)
    {
        for (long at = await ReadClockAsync(cancellation).ConfigureAwait(false); ; at++)
        {
            TableEntity sight = new(Keys.Sights, Keys.Of(at)) { [Until] = at + (long)Longest.TotalMilliseconds };
            if (await tables.Cluster.TryAddAsync(sight, cancellation).ConfigureAwait(false))
            {
                return sight.RowKey;
            }
        }
    }

    private IAsyncEnumerable<TableEntity> Registered(CancellationToken cancellation) =>
        tables.Cluster.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Keys.Sights}"), cancellationToken: cancellation);

    /// <summary>Every epoch as it was while writing rested in all of them.</summary>
    private async Task<RegisteredEpoch[]> FindInstantAsync(string sight, CancellationToken cancellation)
    {
        List<EpochHead> held = [];
        try
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                held.Clear();
                // In their order: two who look for an instant wait for one another, and never in a circle.
                foreach (RegisteredEpoch epoch in await epochs.ReadAllAsync(cancellation).ConfigureAwait(false))
                {
                    if (epoch.Head is not null)
                    {
                        held.Add(await log.HoldAsync(epoch.Head, sight, cancellation).ConfigureAwait(false));
                    }
                }

                RegisteredEpoch[] again = await epochs.ReadAllAsync(cancellation).ConfigureAwait(false);
                if (again.Select(static e => e.Head).OfType<EpochHead>().SequenceEqual(held))
                {
                    return again;
                }
            }
        }
        finally
        {
            foreach (EpochHead head in held.Where(static h => h.Open))
            {
                await log.ReleaseAsync(head, CancellationToken.None).ConfigureAwait(false);
            }
        }

        throw new StorageException($"Epochs came and went {Attempts} times while one instant was looked for: ask again");
    }
}
