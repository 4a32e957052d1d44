using System.Diagnostics;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Engine;
using Decisioning.Load.Bare;

namespace Decisioning.Benchmarks.Engine;

/// <summary>
/// <c>recovery</c>: a process of its own records events, none of which it writes back, and is killed; then its folder is opened.
/// </summary>
internal static class RecoveryRun
{
    public const string FillCommand = "fill-journal";
    private const string Filled = "filled";
    private const int Batch = 500;

    public static async Task RunAsync(Report report, bool quick)
    {
        int events = quick ? 100_000 : 1_000_000;
        int consumers = events / 5;
        report.Heading($"recovery: {events:N0} events over {consumers:N0} consumers, killed before anything was written back");
        using ScratchFolder folder = new();
        using (Process filler = ChildProcess.Start([FillCommand, folder.Path, $"{events}", $"{consumers}"]))
        {
            string? line = await filler.StandardOutput.ReadLineAsync();
            filler.Kill();
            await filler.WaitForExitAsync();
            if (line != Filled)
            {
                throw new InvalidOperationException($"The process that fills the journal said: {line ?? "nothing"}");
            }
        }

        long start = Stopwatch.GetTimestamp();
        await using EmbeddedHost host = await EmbeddedHost.OpenAsync(Options(folder.Path), TimeProvider.System, CancellationToken.None);
        report.Add(new Figure("opened and recovered", Stopwatch.GetElapsedTime(start).TotalSeconds, "s", Target.Below(10 * events / 1_000_000d)));
        report.Add(new Figure("turns applied again", host.RecoveredTurns, ""));
        report.Add(new Figure("consumers", host.ResidentConsumers, ""));
        report.Add(new Figure("journal", new FileInfo(Path.Combine(folder.Path, "journal.db")).Length / 1e6, "MB"));
    }

    /// <summary>The other process: <c>FOLDER EVENTS CONSUMERS</c>. Says when all is durable, and waits to be killed.</summary>
    public static async Task<int> FillAsync(string[] args, TextWriter output, TextReader input)
    {
        (string folder, int events, int consumers) = (args[0], int.Parse(args[1]), int.Parse(args[2]));
        EmbeddedHost host = await EmbeddedHost.OpenAsync(Options(folder), TimeProvider.System, CancellationToken.None);
        await KnownWorld.PutBrandsAsync(host);
        Random random = new(5);
        List<Task> waiting = [];
        for (int first = 0; first < events; first += Batch)
        {
            EventCommand[] batch = [.. Enumerable.Range(first, Batch).Select(e => EventOf(e, random.Next(consumers), host.Now))];
            waiting.Add(RecordAsync(host, batch));
            if (waiting.Count == 64)
            {
                await Task.WhenAll(waiting);
                waiting.Clear();
            }
        }

        await Task.WhenAll(waiting);
        await output.WriteLineAsync(Filled);
        await InputEnd.WaitAsync(input);
        return 1;
    }

    private static async Task RecordAsync(EmbeddedHost host, EventCommand[] batch)
    {
        EventResult[] results = await host.RecordAsync(batch, host.Catalogue, CancellationToken.None);
        if (results.FirstOrDefault(r => r.Status != EventStatus.Accepted) is { Code: { } code } rejected)
        {
            throw new InvalidOperationException($"{code}: {rejected.Detail}");
        }
    }

    private static EventCommand EventOf(int number, int consumer, long now) => new()
    {
        EventId = $"e-{number}",
        Type = number % 4 == 0 ? EventType.Cart : EventType.View,
        ConsumerId = PackedConsumers.IdOf(consumer),
        Brand = Catalogues.IdOf(consumer % 2),
        OccurredAt = now - number % 1_000 * 60_000L,
        Item = $"sku-{number % 50}",
    };

    private static EngineOptions Options(string folder) =>
        new() { DataFolder = folder, WriteBackEvery = TimeSpan.FromHours(1), MaxDirtyConsumers = 10_000_000 };
}
