using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Decisioning.Server.Options;

/// <summary>One address to listen on: <c>http://HOST:PORT</c>.</summary>
/// <param name="Host">A name, an address, an IPv6 address in brackets, or <c>*</c> for every address of the machine.</param>
/// <param name="Port">0: any free one.</param>
internal sealed record ListenUrl(string Host, int Port)
{
    public bool IsAnyAddress => Host is "*" or "+" or "0.0.0.0" or "[::]";

    /// <summary>Whether only the machine itself can reach it.</summary>
    public bool IsLoopback => string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    public override string ToString() => $"http://{Host}:{Port}";

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenUrl? url)
    {
        url = null;
        // The wildcard hosts are no URIs; a name stands in for them while the rest is read.
        string readable = text.Replace("://*", "://any.invalid", StringComparison.Ordinal).Replace("://+", "://any.invalid", StringComparison.Ordinal);
        if (!Uri.TryCreate(readable, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0
            || uri.Fragment.Length > 0)
        {
            return false;
        }

        url = new ListenUrl(uri.Host == "any.invalid" ? "*" : uri.Host, uri.Port);
        return true;
    }
}
