using System.Net;
using System.Net.Sockets;
using Decisioning.Server;

namespace Decisioning.Silo;

/// <summary>The ports that a silo listens on beside HTTP.</summary>
internal readonly record struct SiloPorts(int Silo, int Gateway)
{
    public const int UsualSilo = 11111;
    public const int UsualGateway = 30000;

    /// <summary>Those that were named; else the usual ones where they are free, else any, so that several silos run on one machine.</summary>
    /// <exception cref="StartException">One that was named is in use.</exception>
    public static SiloPorts Choose(SiloOptions options) =>
        new(Choose("silo-port", options.SiloPort, UsualSilo, options.Advertise), Choose("gateway-port", options.GatewayPort, UsualGateway, options.Advertise));

    private static int Choose(string name, int? named, int usual, IPAddress address)
    {
        if (named is { } port)
        {
            return IsFree(address, port)
                ? port
                : throw new StartException($"{name} {port} cannot be listened on at {address}: it is in use, or the address is not this machine's. Name another, or leave it out.");
        }

        return IsFree(address, usual) ? usual : AnyFree(address);
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using TcpListener listener = new(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int AnyFree(IPAddress address)
    {
        using TcpListener listener = new(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
