using System.Text.Json;
using Decisioning.Api.Tokens;

namespace Decisioning.Api.Replies;

/// <summary>The URLs by which a browser reports what happens to a decision: <c>{base}/t/i/TOKEN</c> and its kin.</summary>
internal static class TrackerUrls
{
    /// <summary>Longest base URL in UTF-8 bytes.</summary>
    public const int LongestBase = 512;

    private const int KindBytes = 5;

    private static readonly JsonEncodedText Impression = JsonEncodedText.Encode("impressionUrl");
    private static readonly JsonEncodedText Viewable = JsonEncodedText.Encode("viewableUrl");
    private static readonly JsonEncodedText Click = JsonEncodedText.Encode("clickUrl");
    private static readonly JsonEncodedText Event = JsonEncodedText.Encode("eventUrl");

    /// <param name="json">Inside an object.</param>
    /// <param name="baseUrl">Scheme, host and path before <c>/t</c>, without a slash at the end, at most <see cref="LongestBase"/> bytes.</param>
    /// <param name="token">The token's text.</param>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> baseUrl, ReadOnlySpan<byte> token)
    {
        Span<byte> url = stackalloc byte[LongestBase + KindBytes + TokenRing.MaxTextBytes];
        baseUrl.CopyTo(url);
        Span<byte> kind = url.Slice(baseUrl.Length, KindBytes);
        token.CopyTo(url[(baseUrl.Length + KindBytes)..]);
        url = url[..(baseUrl.Length + KindBytes + token.Length)];

        "/t/i/"u8.CopyTo(kind);
        json.WriteString(Impression, url);
        kind[3] = (byte)'v';
        json.WriteString(Viewable, url);
        kind[3] = (byte)'c';
        json.WriteString(Click, url);
        kind[3] = (byte)'e';
        json.WriteString(Event, url);
    }
}
