using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Access;

/// <summary>Which names the server answers to, and which web pages may call it. Checked on every request, keys or not.</summary>
public sealed class AllowLists
{
    private readonly FrozenSet<string> _hosts;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _hostsBySpan;
    private readonly FrozenSet<string> _origins;

    /// <param name="hosts">Host names and addresses without port; IPv6 in brackets.</param>
    /// <param name="origins">Origins (scheme, host, port) beside the server's own.</param>
    public AllowLists(IEnumerable<string> hosts, IEnumerable<string> origins)
    {
        _hosts = hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _hostsBySpan = _hosts.GetAlternateLookup<ReadOnlySpan<char>>();
        _origins = origins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The names by which a machine knows itself.</summary>
    public static IReadOnlyList<string> LoopbackHosts { get; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Whether the server answers to the request's <c>Host</c>.</summary>
    public bool AllowsHost(HostString host) => host.HasValue && TryName(host.Value, out ReadOnlySpan<char> name) && _hostsBySpan.Contains(name);

    /// <summary>Whether pages of that origin may call: the server's own, by the name it was called by, and those configured.</summary>
    public bool AllowsOrigin(string origin, HttpRequest request) => _origins.Contains(origin) || IsOwn(origin, request);

    /// <summary>Whether pages of that origin are the server's own.</summary>
    public static bool IsOwn(string origin, HttpRequest request) =>
        origin.Length == request.Scheme.Length + 3 + request.Host.Value!.Length
        && origin.StartsWith(request.Scheme, StringComparison.OrdinalIgnoreCase)
        && origin.AsSpan(request.Scheme.Length, 3).SequenceEqual("://")
        && origin.EndsWith(request.Host.Value, StringComparison.OrdinalIgnoreCase);

    // The name ends up in the URLs of answers, so what follows it must be a port and nothing else.
    private static bool TryName(ReadOnlySpan<char> host, out ReadOnlySpan<char> name)
    {
        const int LongestPort = 5;
        int colon = host.LastIndexOf(':');
        bool hasPort = colon > host.LastIndexOf(']');
        name = hasPort ? host[..colon] : host;
        ReadOnlySpan<char> port = hasPort ? host[(colon + 1)..] : "0";
        return port.Length is > 0 and <= LongestPort && !port.ContainsAnyExceptInRange('0', '9');
    }
}
