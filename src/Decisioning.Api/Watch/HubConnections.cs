using Decisioning.Api.Access;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Watch;

/// <summary>Gives every connection of the hub its watcher, and takes it away with the connection.</summary>
internal sealed class HubConnections(WatcherList watchers, TimeProvider clock, ILogger<DefaultHubLifetimeManager<PulseHub>> hubLog, ILogger<Watcher> log)
    : DefaultHubLifetimeManager<PulseHub>(hubLog)
{
    public static Watcher WatcherOf(HubCallerContext connection) => (Watcher)connection.Items[typeof(Watcher)]!;

    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        await base.OnConnectedAsync(connection);
        ApiKey caller = connection.GetHttpContext()!.Features.GetRequiredFeature<ApiKey>();
        Watcher watcher = new(new HubLine(connection), caller, clock, log);
        connection.Items[typeof(Watcher)] = watcher;
        watchers.Add(watcher);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (connection.Items.TryGetValue(typeof(Watcher), out object? kept) && kept is Watcher watcher)
        {
            watchers.Remove(watcher);
            watcher.Close();
        }

        return base.OnDisconnectedAsync(connection);
    }
}
