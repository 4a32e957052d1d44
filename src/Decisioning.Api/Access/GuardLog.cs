using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Access;

/// <summary>What the guard says in the log. Never a path, a key or a token.</summary>
internal static partial class GuardLog
{
    [LoggerMessage(1, LogLevel.Error, "A fault while answering {Method} {Route}.")]
    public static partial void Unexpected(this ILogger log, Exception fault, string method, string route);

    [LoggerMessage(2, LogLevel.Debug, "The caller left before the answer.")]
    public static partial void CallerLeft(this ILogger log, Exception fault);
}
