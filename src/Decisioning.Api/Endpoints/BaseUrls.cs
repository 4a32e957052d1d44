using System.Text;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Endpoints;

/// <summary>What a request's tracker URLs start with, in UTF-8. The last one made is kept: callers mostly use one name.</summary>
internal sealed class BaseUrls(string? publicUrl)
{
    private readonly byte[]? _public = publicUrl is null ? null : Encoding.ASCII.GetBytes(publicUrl);
    private Made _last = new("", "", []);

    /// <param name="request">Its Host is allowed.</param>
    public byte[] Of(HttpRequest request)
    {
        if (_public is not null)
        {
            return _public;
        }

        string scheme = request.Scheme;
        string host = request.Host.Value!;
        Made last = Volatile.Read(ref _last);
        if (!string.Equals(last.Host, host, StringComparison.Ordinal) || !string.Equals(last.Scheme, scheme, StringComparison.Ordinal))
        {
            last = new Made(scheme, host, Encoding.ASCII.GetBytes($"{scheme}://{host}"));
            Volatile.Write(ref _last, last);
        }

        return last.Url;
    }

    private sealed record Made(string Scheme, string Host, byte[] Url);
}
