using System.Text;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>Journal records for tests.</summary>
internal static class Records
{
    public static long Append(this ITurnLog log, string payload, bool urgent = true, long instant = 1_000) =>
        log.Append(new TurnHead(TurnKind.Turn, 7, 1, instant, 0), Encoding.UTF8.GetBytes(payload), urgent);

    public static async Task<long> AppendDurablyAsync(this ITurnLog log, string payload, long instant = 1_000)
    {
        long position = log.Append(payload, urgent: true, instant);
        await log.WhenDurableAsync(position, TestContext.Current.CancellationToken);
        return position;
    }

    public static string[] Payloads(this ITurnLog log) => [.. log.ReadAfter(0).Select(r => Encoding.UTF8.GetString(r.Payload.Span))];

    public static string? PayloadAt(this ITurnLog log, long position) => log.Read(position) is { } record ? Encoding.UTF8.GetString(record.Payload.Span) : null;
}
