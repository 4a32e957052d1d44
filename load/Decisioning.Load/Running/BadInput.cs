using System.Globalization;
using System.Text;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Running;

/// <summary>Requests that must be refused, each in its own way, none of which may be answered with 200 or with 5xx.</summary>
internal sealed class BadInput
{
    private static readonly (string Method, string Path, string? Type, string Body, int[] Expected)[] Cases =
    [
        ("POST", "/v1/decisions", "application/json", "{", [400]),
        ("POST", "/v1/decisions", "application/json", "[]", [400]),
        ("POST", "/v1/decisions", "application/json", """{"consumer":{"id":"RUN-c0"},"placements":[]}""", [400]),
        ("POST", "/v1/decisions", "application/json", """{"consumer":{"id":7},"placements":[{"id":"p","count":99,"formats":["smell"]}],"tmaxMs":-1}""", [400]),
        ("POST", "/v1/decisions", "application/json", """{"consumer":{"id":"RUN-c0"},"placements":[{"id":"p"}],"brands":["RUN-nobody"]}""", [400, 403, 404]),
        ("POST", "/v1/decisions", "text/plain", """{"consumer":{"id":"RUN-c0"},"placements":[{"id":"p"}]}""", [415]),
        ("POST", "/v1/events", "application/json", """{"events":"many"}""", [400]),
        ("POST", "/v1/events", "application/json", "{\"events\":[{\"eventId\":\"", [400]),
        ("PUT", "/v1/events", "application/json", "{}", [404, 405]),
        ("GET", "/t/i/not-a-token", null, "", [404]),
        ("GET", "/v1/nowhere", null, "", [404]),
        ("GET", "/v1/consumers/RUN-nobody", null, "", [404]),
    ];

    private readonly byte[][] _requests;

    /// <param name="ids">The run's names.</param>
    /// <param name="common">Header lines of every request.</param>
    public BadInput(WorldIds ids, string common) => _requests =
        [.. Cases.Select(c => Encoding.ASCII.GetBytes(Request($"{c.Method} {Named(c.Path, ids)} HTTP/1.1\r\n{common}", c.Type, Named(c.Body, ids))))];

    /// <summary>How many kinds there are.</summary>
    public static int Count => Cases.Length;

    public ReadOnlySpan<byte> RequestOf(byte variant) => _requests[variant];

    /// <summary>Whether a kind may be answered with that status.</summary>
    public static bool IsExpected(byte variant, int status) => Array.IndexOf(Cases[variant].Expected, status) >= 0;

    private static string Request(string head, string? type, string body) =>
        type is null ? $"{head}\r\n" : $"{head}Content-Type: {type}\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}";

    private static string Named(string text, WorldIds ids) => text.Replace("RUN", ids.Run, StringComparison.Ordinal);
}
