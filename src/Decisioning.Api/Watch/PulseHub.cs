using System.Text;
using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Microsoft.AspNetCore.SignalR;

namespace Decisioning.Api.Watch;

/// <summary>
/// What watchers call. They are sent <c>pulse</c>, a brand whole, on joining and whenever frames were missed; <c>shift</c>, what changed since the frame
/// before; <c>consumer</c>, a consumer whole; <c>gone</c>, once what is watched is no more. A brand that is put again comes back by itself, with a pulse.
/// </summary>
internal sealed class PulseHub(BrandChannels brands, ConsumerChannels consumers) : Hub
{
    /// <summary>Watches a brand, or asks for its whole pulse anew. Role watch.</summary>
    public void WatchBrand(string? brand)
    {
        Watcher watcher = Enter(Roles.Watch);
        if (brand is null || !watcher.Caller.MayUse(brand))
        {
            throw HubFaults.Of(Problem.Forbidden("The key may not use this brand."));
        }

        if (watcher.TryRenew<BrandChannel>(c => c.Brand == brand))
        {
            return;
        }

        if (watcher.Count<BrandChannel>() >= WatchBounds.BrandsPerConnection)
        {
            throw TooMany($"A connection watches at most {WatchBounds.BrandsPerConnection} brands.");
        }

        BrandChannel channel = brands.Join(brand, watcher) ?? throw HubFaults.Of(Problem.UnknownBrand);
        watcher.Add(channel);
    }

    public void UnwatchBrand(string? brand) => HubConnections.WatcherOf(Context).Remove<BrandChannel>(c => c.Brand == brand);

    /// <summary>Watches a consumer, or asks for it anew. Role consumer; of its brands only the caller's are shown.</summary>
    public async Task WatchConsumer(string? id)
    {
        Watcher watcher = Enter(Roles.Consumer);
        if (id is null || Encoding.UTF8.GetByteCount(id) is 0 or > RequestBounds.IdBytes)
        {
            throw HubFaults.Of(new Problem(400, ProblemCodes.Invalid, $"A consumer's id has 1 to {RequestBounds.IdBytes} bytes."));
        }

        if (watcher.TryRenew<ConsumerChannel>(c => c.Key.Id == id))
        {
            return;
        }

        if (watcher.Count<ConsumerChannel>() >= WatchBounds.ConsumersPerConnection)
        {
            throw TooMany($"A connection watches at most {WatchBounds.ConsumersPerConnection} consumers.");
        }

        if (await consumers.JoinAsync(id, watcher, Context.ConnectionAborted) is { } problem)
        {
            throw HubFaults.Of(problem);
        }
    }

    public void UnwatchConsumer(string? id) => HubConnections.WatcherOf(Context).Remove<ConsumerChannel>(c => c.Key.Id == id);

    private Watcher Enter(Roles role)
    {
        Watcher watcher = HubConnections.WatcherOf(Context);
        if (!watcher.Caller.Has(role))
        {
            throw HubFaults.Of(Problem.Forbidden($"This needs a key with the role {RoleNames.All[int.Log2((int)role)]}."));
        }

        return watcher.Caller.Rate is { } rate && !rate.TryTake(out _)
            ? throw HubFaults.Of(new Problem(429, ProblemCodes.RateLimited, "The key has used up its rate."))
            : watcher;
    }

    private static HubException TooMany(string detail) => HubFaults.Of(new Problem(400, ProblemCodes.TooManyWatched, detail));
}
