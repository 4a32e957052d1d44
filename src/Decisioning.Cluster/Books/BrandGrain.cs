using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Money;
using Decisioning.Cluster.Storage;
using Decisioning.Engine;
using Decisioning.Engine.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace Decisioning.Cluster.Books;

/// <summary>Gives a brand's books an identity and a beat: everything else is <see cref="BrandBook"/>'s. Stays as long as its silo does.</summary>
[KeepAlive]
internal sealed class BrandGrain : Grain, IBrandGrain
{
    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(15);

    private readonly BrandBook _book;
    private readonly ClusterCatalogue _catalogue;
    private readonly ILogger _logger;

    public BrandGrain(
        IClusterStore store, IEpochs epochs, ClusterCatalogue catalogue, SiloServices<ISiloTill> tills, HostClock clock, ILogger<BrandGrain> logger)
    {
        int brand = (int)this.GetPrimaryKeyLong();
        _book = new BrandBook(
            brand, store, epochs, catalogue, clock,
            (silo, campaign, claims) => tills.Of(SiloAddress.FromParsableString(silo)).YieldAsync(brand, campaign, claims));
        _catalogue = catalogue;
        _logger = logger;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _book.LoadAsync(cancellationToken);
        this.RegisterGrainTimer(_ => FollowAsync(), new() { DueTime = FollowEvery, Period = FollowEvery });
        this.RegisterGrainTimer(_ => WriteAsync(), new() { DueTime = WriteEvery, Period = WriteEvery });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await _book.WriteAsync(cancellationToken);
        }
        catch (Exception e) when (e is StorageException or BooksMovedException or OperationCanceledException)
        {
            // Found again in the store's rows.
            _logger.LogWarning(e, "The books of brand {Brand} were not written as they went.", this.GetPrimaryKeyLong());
        }
    }

    public async Task<BrandAnswer> ReportAsync([Immutable] SiloReport report)
    {
        // Where the version cannot be had now, the books answer under the one that is live.
        _ = await _catalogue.ReachesAsync(report.CatalogueVersion);
        Task<BrandAnswer> answer = _book.TakeAsync(report, CancellationToken.None);
        await GuardAsync(answer);
        return await answer;
    }

    public async Task<LoanAnswer[]> ClaimAsync([Immutable] ClaimReport report)
    {
        Task<LoanAnswer[]> answer = _book.ClaimAsync(report, CancellationToken.None);
        await GuardAsync(answer);
        return await answer;
    }

    public Task<BrandSight?> ReadAsync(long etag) => Task.FromResult(_book.Read(etag));

    public Task<long> ValueAsync([Immutable] PassReport report)
    {
        _book.Value(report);
        return Task.FromResult(_book.Totals.AssetsMicros);
    }

    public Task CompareAsync(double? industryIndex)
    {
        _book.Compare(industryIndex);
        return Task.CompletedTask;
    }

    /// <summary>Reads closed epochs to their end.</summary>
    internal Task FollowAsync() => GuardAsync(_book.FollowAsync(CancellationToken.None));

    /// <summary>Stores what changed.</summary>
    internal Task WriteAsync() => GuardAsync(_book.WriteAsync(CancellationToken.None));

    // A book that may be half way or behind is not gone on with.
    private async Task GuardAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e) when (e is BooksMovedException or InvalidDataException)
        {
            _logger.LogWarning(e, "The books of brand {Brand} are read anew.", this.GetPrimaryKeyLong());
            DeactivateOnIdle();
            throw;
        }
    }
}
