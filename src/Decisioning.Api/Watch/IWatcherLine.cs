using Microsoft.AspNetCore.SignalR;

namespace Decisioning.Api.Watch;

/// <summary>The way to one watcher.</summary>
internal interface IWatcherLine
{
    /// <summary>Sends a message; done once the connection has room for another.</summary>
    ValueTask SendAsync(SerializedHubMessage message);

    /// <summary>Closes the connection without waiting for anything.</summary>
    void Abort();
}

/// <summary>The way over a hub's connection.</summary>
internal sealed class HubLine(HubConnectionContext connection) : IWatcherLine
{
    public ValueTask SendAsync(SerializedHubMessage message) => connection.WriteAsync(message, connection.ConnectionAborted);

    public void Abort() => connection.Abort();
}
