using System.Net;
using System.Net.Sockets;

namespace Decisioning.Load.Http;

/// <summary>Where the load goes.</summary>
/// <param name="Uri">As it was given: scheme, host and port.</param>
/// <param name="EndPoint">What its host's name stands for.</param>
internal sealed record TargetAddress(Uri Uri, IPEndPoint EndPoint)
{
    /// <summary>What requests name as their host.</summary>
    public string Host => Uri.Authority;

    /// <summary>What is wrong with an address, as a sentence; null where nothing is.</summary>
    public static string? FaultOf(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            return $"--url '{url}' is no http address, such as http://127.0.0.1:5080.";
        }

        return uri.Scheme == "https"
            ? $"--url '{url}': the generator speaks plain http alone, for TLS would cost it more than the load. Give the address behind the one that ends TLS."
            : uri.AbsolutePath != "/" || uri.Query.Length > 0 ? $"--url '{url}' has a path: give scheme, host and port alone." : null;
    }

    /// <summary>Finds out where an address leads.</summary>
    /// <param name="url">One without a fault.</param>
    /// <exception cref="LoadFailureException">Its name stands for nothing.</exception>
    public static async Task<TargetAddress> ResolveAsync(string url, CancellationToken stop)
    {
        Uri uri = new(url);
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(uri.Host, stop);
            IPAddress first = found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
            return new TargetAddress(uri, new IPEndPoint(first, uri.Port));
        }
        catch (SocketException fault)
        {
            throw new LoadFailureException($"{url}: there is no host '{uri.Host}' ({fault.Message}).");
        }
    }
}
