using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Decisioning.Cluster.Books;

/// <summary>One brand's books and money; the key is the brand's symbol. No decision ever waits for it.</summary>
[Alias("decisioning.brand")]
[Version(1)]
internal interface IBrandGrain : IGrainWithIntegerKey
{
    /// <summary>Takes in what a silo wrote since it last reported, and lends it money. May be sent again: each row counts once.</summary>
    [Alias("report")]
    Task<BrandAnswer> ReportAsync([Immutable] SiloReport report);

    /// <summary>Lends money for outcomes that have already happened: what is left of the budget, else what other silos have of it.</summary>
    /// <returns>The campaign's; none where the silo's epoch is closed.</returns>
    [Alias("claim")]
    Task<LoanAnswer[]> ClaimAsync([Immutable] ClaimReport report);

    /// <summary>The books as they stand; null where they are still those of the etag.</summary>
    /// <param name="etag">Of the sight that the caller has; 0: none.</param>
    [Alias("read")]
    Task<BrandSight?> ReadAsync(long etag);

    /// <summary>Keeps what a pass over every consumer found, and values them anew once a local day.</summary>
    /// <returns>What they are worth, millionths of an average consumer's worth.</returns>
    [Alias("value")]
    Task<long> ValueAsync([Immutable] PassReport report);

    /// <summary>Keeps how the brand compares with its industry; null: with nobody.</summary>
    [Alias("compare")]
    Task CompareAsync(double? industryIndex);
}
