using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Watch;

/// <summary>Puts the hub and its beat together.</summary>
internal static class WatchServices
{
    private const string Address = "/hubs/pulse";

    // The first writes whole request lines, tickets included; the second what callers did wrong, at their pleasure: HubFaults says what matters.
    private static readonly LoggerFilterRule[] Unsaid =
    [
        new(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning, null),
        new(null, "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None, null),
    ];

    public static void AddWatching(this IServiceCollection services, IDecisionHost host, IWatchHost watch, TimeProvider clock)
    {
        services.AddSignalR(Limit).AddHubOptions<PulseHub>(static hub => hub.AddFilter<HubFaults>());
        services.AddSingleton<HubFaults>();
        services.AddSingleton<WatcherList>();
        services.AddSingleton(provider => new BrandChannels(watch, clock, provider.GetRequiredService<ILogger<BrandChannels>>()));
        services.AddSingleton(provider => new ConsumerChannels(host, provider.GetRequiredService<ILogger<ConsumerChannels>>()));
        services.AddSingleton<HubLifetimeManager<PulseHub>>(provider => new HubConnections(
            provider.GetRequiredService<WatcherList>(), clock,
            provider.GetRequiredService<ILogger<DefaultHubLifetimeManager<PulseHub>>>(), provider.GetRequiredService<ILogger<Watcher>>()));
        services.AddHostedService(provider => new WatchBeat(
            provider.GetRequiredService<BrandChannels>(), provider.GetRequiredService<ConsumerChannels>(), provider.GetRequiredService<WatcherList>(),
            clock));
        services.PostConfigure<LoggerFilterOptions>(static filters =>
        {
            foreach (LoggerFilterRule rule in Unsaid)
            {
                filters.Rules.Add(rule);
            }
        });
    }

    public static void MapPulseHub(this IEndpointRouteBuilder routes, HubDoor door) => routes.MapHub<PulseHub>(Address, Limit).Add(endpoint =>
    {
        RequestDelegate hub = endpoint.RequestDelegate ?? throw new InvalidOperationException("The hub's address leads nowhere.");
        endpoint.RequestDelegate = context => door.EnterAsync(context, hub);
    });

    private static void Limit(HubOptions hub)
    {
        hub.MaximumReceiveMessageSize = WatchBounds.HubMessageBytes;
        hub.MaximumParallelInvocationsPerClient = 1;
        hub.ClientTimeoutInterval = WatchBounds.LongestSilence;
        hub.HandshakeTimeout = WatchBounds.LongestHandshake;
        hub.StreamBufferCapacity = 1;
        hub.EnableDetailedErrors = false;
    }

    // Other transports would need several requests for one connection, and a ticket is good for one. The library's own patience with a send is 10 s.
    private static void Limit(HttpConnectionDispatcherOptions connection)
    {
        connection.Transports = HttpTransportType.WebSockets;
        connection.ApplicationMaxBufferSize = 4 * WatchBounds.HubMessageBytes;
        connection.TransportMaxBufferSize = WatchBounds.UnsentBytes;
        connection.TransportSendTimeout = WatchBounds.LongestSend;
        connection.AllowStatefulReconnects = false;
    }
}
