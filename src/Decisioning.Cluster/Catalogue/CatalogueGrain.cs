using Decisioning.Cluster.Storage;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;
using Orleans.Concurrency;

namespace Decisioning.Cluster.Catalogue;

/// <summary>
/// Changes the catalogue in the store, one change after another. Where two of it write for a while, one finds that the catalogue has moved, reads it again and
/// decides anew.
/// </summary>
[GrainType("decisioning.catalogue")]
[Reentrant]
[KeepAlive]
internal sealed class CatalogueGrain(IClusterStore store, ClusterSecret secret, HostClock clock, RulesPass rules) : Grain, ICatalogueGrain
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Task _passing = Task.CompletedTask;
    private (ICatalogueSession Session, CatalogueRoom Room)? _open;

    public Task<CatalogueAnswer> PutAsync(string brand, byte[] document, string? ifMatch, string actor) =>
        ChangeAsync(room => room.PutAsync(brand, document, ifMatch, actor, default));

    public Task<CatalogueAnswer> DeleteAsync(string brand, string? ifMatch, string actor) =>
        ChangeAsync(room => room.DeleteAsync(brand, ifMatch, actor, default));

    public Task<CatalogueAnswer> SetStatusAsync(string brand, byte kind, string id, bool paused, string actor) =>
        ChangeAsync(room => room.SetStatusAsync(brand, (SymbolKind)kind, id, paused, actor, default));

    public Task<CatalogueAnswer> PutSettingsAsync(byte[] document, string actor) => ChangeAsync(room => room.PutSettingsAsync(document, actor, default));

    public Task WorkOffRulesAsync()
    {
        if (_passing.IsCompleted)
        {
            _passing = PassAsync();
        }

        return Task.CompletedTask;
    }

    private async Task<CatalogueAnswer> ChangeAsync(Func<CatalogueRoom, ValueTask<CatalogueChange>> change)
    {
        try
        {
            return await WithRoomAsync(async (session, room) => CatalogueAnswer.Of(await change(room), session.Version));
        }
        catch (StorageException e)
        {
            return new CatalogueAnswer { Unavailable = $"The store refused: {e.Message}" };
        }
    }

    // The store's calls block: they run beside the grain, one at a time.
    private async Task<T> WithRoomAsync<T>(Func<ICatalogueSession, CatalogueRoom, Task<T>> use)
    {
        await _turn.WaitAsync();
        try
        {
            while (true)
            {
                try
                {
                    return await Task.Run(async () =>
                    {
                        (ICatalogueSession session, CatalogueRoom room) = _open ??= Open();
                        return await use(session, room);
                    });
                }
                catch (CatalogueMovedException)
                {
                    Close();
                }
                catch
                {
                    // Whether it was written is not known: what is there is read again.
                    Close();
                    throw;
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private (ICatalogueSession, CatalogueRoom) Open()
    {
        ICatalogueSession session = store.OpenCatalogue();
        return (session, new CatalogueRoom(session, secret.Industries, clock));
    }

    private void Close()
    {
        _open?.Room.Dispose();
        _open = null;
    }

    private async Task PassAsync()
    {
        try
        {
            (PendingRules pending, KeyValuePair<int, long>[] brands, long version) =
                await WithRoomAsync((session, room) => Task.FromResult((room.Pending, room.Pending.All, session.Version)));
            if (brands.Length == 0)
            {
                return;
            }

            await rules.RunAsync([.. brands.Select(static b => b.Key)], version, CancellationToken.None);
            await WithRoomAsync((_, room) =>
            {
                // A room that was opened since numbers its changes anew: then the pass is run again.
                foreach ((int brand, long change) in room.Pending == pending ? brands : [])
                {
                    pending.Done(brand, change);
                }

                return Task.FromResult(true);
            });
        }
        catch (Exception e)
        {
            rules.Trouble = e;
        }
    }
}
