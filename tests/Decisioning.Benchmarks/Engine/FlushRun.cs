using System.Diagnostics;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Benchmarks.Engine;

/// <summary>
/// <c>flush</c>: one turn after the other made durable, in turns in a journal whose log is flushed by <c>fdatasync</c> and in one that SQLite flushes by <c>fsync</c>; first on
/// a disk that does nothing else, then beside a writer of large files. After that commits of one turn and of many, in journals of smaller and of larger pages.
/// </summary>
internal static class FlushRun
{
    private const int PayloadBytes = 342;
    private const int FileBytes = 64 << 20;

    private static readonly int[] PageBytes = [4 << 10, 16 << 10];

    public static async Task RunAsync(Report report, bool quick)
    {
        int pairs = quick ? 2_000 : 20_000;
        report.Heading($"flush: {pairs:N0} pairs of single turns of {PayloadBytes} B made durable");
        using ScratchFolder data = new(), whole = new();
        await using SqliteTurnLog alone = Open(data.Path, syncsData: true), all = Open(whole.Path, syncsData: false);
        await MeasureAsync(report, "idle disk", alone, all, pairs);
        using CancellationTokenSource stop = new();
        Task writing = Task.Factory.StartNew(() => WriteFiles(data.Path, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await MeasureAsync(report, "beside large files", alone, all, pairs);
        await stop.CancelAsync();
        await writing;
        await MeasurePagesAsync(report, quick);
    }

    private static async Task MeasurePagesAsync(Report report, bool quick)
    {
        using ScratchFolder small = new(), large = new();
        await using SqliteTurnLog few = Open(small.Path, pageBytes: PageBytes[0]), many = Open(large.Path, pageBytes: PageBytes[1]);
        foreach (int turns in new[] { 1, 30, 540 })
        {
            List<double> bySmall = [], byLarge = [];
            for (int i = 0; i < (quick ? 200 : 2_000); i++)
            {
                bySmall.Add(await CpuAsync(few, turns));
                byLarge.Add(await CpuAsync(many, turns));
            }

            report.Add(new Figure($"commits of {turns}, a turn's CPU, pages of {PageBytes[0]} B", bySmall.Average() / turns, "µs"));
            report.Add(new Figure($"commits of {turns}, a turn's CPU, pages of {PageBytes[1]} B", byLarge.Average() / turns, "µs"));
            report.Add(new Figure($"commits of {turns}, {PageBytes[1]} / {PageBytes[0]}", byLarge.Average() / bySmall.Average(), ""));
        }
    }

    /// <summary>Makes so many turns durable in one commit.</summary>
    /// <returns>The process's CPU, µs, moving the log into the database included.</returns>
    private static async Task<double> CpuAsync(SqliteTurnLog log, int turns)
    {
        byte[] payload = new byte[PayloadBytes];
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long last = 0;
        for (int i = 1; i <= turns; i++)
        {
            last = log.Append(new TurnHead(TurnKind.Turn, (ulong)i, 1, i, 0), payload, urgent: i == turns);
        }

        await log.WhenDurableAsync(last, CancellationToken.None);
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
    }

    private static async Task MeasureAsync(Report report, string disk, SqliteTurnLog alone, SqliteTurnLog all, int pairs)
    {
        Latencies byData = new(), byFile = new();
        for (int i = 0; i < pairs; i++)
        {
            await MakeDurableAsync(alone, i, byData);
            await MakeDurableAsync(all, i, byFile);
        }

        foreach ((string share, double quantile) in new[] { ("median", 0.5), ("p99", 0.99), ("p99.9", 0.999) })
        {
            report.Add(new Figure($"{disk}, {share}, fdatasync", byData.Quantile(quantile), "µs"));
            report.Add(new Figure($"{disk}, {share}, fsync", byFile.Quantile(quantile), "µs"));
            report.Add(new Figure($"{disk}, {share}, fdatasync / fsync", byData.Quantile(quantile) / byFile.Quantile(quantile), ""));
        }
    }

    private static async Task MakeDurableAsync(SqliteTurnLog log, int number, Latencies taken)
    {
        byte[] payload = new byte[PayloadBytes];
        long start = Stopwatch.GetTimestamp();
        await log.WhenDurableAsync(log.Append(new TurnHead(TurnKind.Turn, (ulong)number, 1, number, 0), payload, urgent: true), CancellationToken.None);
        taken.AddSince(start);
    }

    private static void WriteFiles(string folder, CancellationToken stop)
    {
        byte[] piece = new byte[1 << 20];
        string path = Path.Combine(folder, "beside");
        while (!stop.IsCancellationRequested)
        {
            using FileStream file = File.Create(path);
            for (int written = 0; written < FileBytes && !stop.IsCancellationRequested; written += piece.Length)
            {
                file.Write(piece);
            }

            file.Flush(flushToDisk: true);
        }
    }

    private static SqliteTurnLog Open(string folder, bool? syncsData = null, int? pageBytes = null) =>
        SqliteTurnLog.Open(folder, TimeProvider.System, 0, SqliteOptions.Default with { SyncsData = syncsData, PageBytes = pageBytes });
}
