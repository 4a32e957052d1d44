using System.Globalization;
using System.Net;
using Decisioning.Server;

namespace Decisioning.Silo;

/// <summary>What a silo is told beside the server's options, checked.</summary>
/// <param name="Join">Finds the place that the cluster shares; null: a cluster of this one silo, over a file.</param>
/// <param name="SiloPort">Where other silos reach it; null: the usual one where it is free, else any.</param>
/// <param name="GatewayPort">Where Orleans clients reach it; null: likewise.</param>
/// <param name="Advertise">The address under which others reach it.</param>
internal sealed record SiloOptions(Func<SharedPlace>? Join, int? SiloPort, int? GatewayPort, IPAddress Advertise)
{
    /// <summary>Every option, as the usage shows them.</summary>
    public static IReadOnlyList<HostOption> Over(IReadOnlyList<PlaceKind> places) =>
    [
        new("--join", nameof(Join), "CONNECTION", $"join the cluster over this {string.Join(" or ", places.Select(static p => p.Name))}"),
        new("--silo-port", nameof(SiloPort), "PORT", $"for other silos (default {SiloPorts.UsualSilo}, or any free one)"),
        new("--gateway-port", nameof(GatewayPort), "PORT", $"for Orleans clients (default {SiloPorts.UsualGateway}, or any free one)"),
        new("--advertise", nameof(Advertise), "ADDRESS", "where others reach it (default 127.0.0.1; auto: the machine's own)"),
    ];

    /// <summary>Reads what was given, adding a sentence for every fault.</summary>
    public static SiloOptions Read(HostSettings settings, IReadOnlyList<PlaceKind> places, ICollection<string> faults)
    {
        int? silo = ReadPort(settings, nameof(SiloPort), "silo-port", faults), gateway = ReadPort(settings, nameof(GatewayPort), "gateway-port", faults);
        if (silo is not null && silo == gateway)
        {
            faults.Add($"silo-port and gateway-port are both {silo}; they must differ.");
        }

        return new SiloOptions(ReadJoin(settings[nameof(Join)], places, faults), silo, gateway, ReadAdvertise(settings[nameof(Advertise)], faults));
    }

    private static Func<SharedPlace>? ReadJoin(string? text, IReadOnlyList<PlaceKind> places, ICollection<string> faults)
    {
        if (text is null)
        {
            return null;
        }

        if (places.FirstOrDefault(p => p.IsOne(text)) is { } place)
        {
            return () => place.Find(text);
        }

        // Without the text: it may hold a password.
        faults.Add($"join: this is not a connection string such as {string.Join(" or ", places.Select(static p => $"\"{p.Example}\""))}.");
        return null;
    }

    private static int? ReadPort(HostSettings settings, string key, string name, ICollection<string> faults)
    {
        if (settings[key] is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= IPEndPoint.MaxPort)
        {
            return port;
        }

        faults.Add($"{name}: {text} is not a port from 1 to {IPEndPoint.MaxPort}.");
        return null;
    }

    private static IPAddress ReadAdvertise(string? text, ICollection<string> faults)
    {
        switch (text)
        {
            case null:
                return IPAddress.Loopback;
            case "auto":
                return OwnAddress.Find() ?? Fault("advertise: this machine has no address but its loopback; name one.");
            default:
                return IPAddress.TryParse(text, out IPAddress? address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
                    ? address
                    : Fault($"advertise: {text} is not an IP address under which others reach this machine, nor auto.");
        }

        IPAddress Fault(string sentence)
        {
            faults.Add(sentence);
            return IPAddress.Loopback;
        }
    }
}
