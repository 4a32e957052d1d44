using System.Net;
using System.Net.Sockets;

namespace Decisioning.Tests.Common;

/// <summary>The machine's own address.</summary>
internal static class Loopback
{
    /// <summary>A port that nobody listens on: taken for a moment and let go, so the caller has to take it soon.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
