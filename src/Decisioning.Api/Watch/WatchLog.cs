using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Watch;

/// <summary>What is said of watching in the log. Never a ticket, a key or a consumer.</summary>
internal static partial class WatchLog
{
    [LoggerMessage(1, LogLevel.Debug, "A frame could not be sent; the connection is closed.")]
    public static partial void CannotSend(this ILogger log, Exception fault);

    [LoggerMessage(2, LogLevel.Error, "The frame of a brand could not be made; its watchers keep the one before.")]
    public static partial void NoBrandFrame(this ILogger log, Exception fault);

    [LoggerMessage(3, LogLevel.Error, "The frame of a consumer could not be made; its watchers keep the one before.")]
    public static partial void NoConsumerFrame(this ILogger log, Exception fault);

    [LoggerMessage(4, LogLevel.Warning, "A connection has not taken a frame for {Seconds} s and is closed.")]
    public static partial void Stuck(this ILogger log, double seconds);

    [LoggerMessage(5, LogLevel.Error, "A fault in the hub's {Method}.")]
    public static partial void HubFault(this ILogger log, Exception fault, string method);
}
