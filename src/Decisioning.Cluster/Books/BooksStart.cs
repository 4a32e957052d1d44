using Decisioning.Cluster.Expiry;
using Decisioning.Cluster.Homes;
using Decisioning.Cluster.Watch;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Decisioning.Cluster.Books;

/// <summary>
/// Starts what goes on beside the turns once the silo takes grains, and hands its parts over before the grains leave. What is taken after that is read from the store
/// when the epoch is closed. The silo has come only when it has been lent money, for without it what it decides is nothing.
/// </summary>
internal sealed class BooksStart(
    EpochKeeper epochs, SiloBooks books, SightBoard board, ExpiryCourier calendar, HomeNews homes, IGrainFactory grains, DecisioningOptions options,
    ILogger<BooksStart> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(BooksStart), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private async Task StartAsync(CancellationToken cancellation)
    {
        epochs.Start();
        board.Start();
        calendar.Start();
        homes.Start();
        grains.GetGrain<IPassGrain>(0).StartAsync().Ignore();
        if (!await books.StartAsync(cancellation))
        {
            logger.LogWarning(books.Trouble, "Not every brand's grain has answered: this silo begins without their money, and goes on asking for it.");
        }
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        await homes.DisposeAsync();
        await calendar.DisposeAsync();
        await board.DisposeAsync();
        using CancellationTokenSource farewell = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        farewell.CancelAfter(options.LongestFarewell / 2);
        try
        {
            await books.HandOverAsync(farewell.Token);
        }
        catch (OperationCanceledException e)
        {
            logger.LogWarning(e, "Not every brand's books took what this silo had for them: they read it from the store.");
        }

        await epochs.DisposeAsync();
    }
}
