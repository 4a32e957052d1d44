using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Decisioning.Silo;

/// <summary>The machine's own address in its network.</summary>
internal static class OwnAddress
{
    /// <summary>The first IPv4 address of an interface that is up and not the loopback; null where there is none.</summary>
    public static IPAddress? Find() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static i => i.GetIPProperties().UnicastAddresses)
        .Select(static a => a.Address)
        .FirstOrDefault(static a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
}
