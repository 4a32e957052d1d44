using System.Diagnostics;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Decide;
using Decisioning.Engine;

namespace Decisioning.Benchmarks.Engine;

/// <summary>
/// <c>expiry</c>: many consumers wait in the calendar for an hour to come. First nothing is due; then the clock moves on and some fall due at once, all on disk,
/// and are worked off as the server does it, while one thread decides for others, thousands a second.
/// </summary>
internal static class ExpiryRun
{
    private const int Deciding = 20_000;

    /// <summary>Decisions between two rests of a millisecond: as fast as it goes would measure the journal's disk.</summary>
    private const int Burst = 8;

    private const int Brands = 2;
    private const int WaitingHours = 5_000;
    private const long HourMs = 3_600_000;

    /// <summary>Longer than the windows that the consumers' evidence is in, shorter than until the others fall due.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(40);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(Report report, bool quick)
    {
        int waiting = quick ? 1_000_000 : 10_000_000;
        int due = quick ? 20_000 : 100_000;
        report.Heading($"expiry: {waiting:N0} consumers wait in the calendar, {due:N0} fall due at once while one thread decides");
        using ScratchFolder folder = new();
        ShiftedTime time = new();
        KnownCalendar.Write(folder.Path, waiting, HourOf(time.GetUtcNow() + 2 * Ahead), WaitingHours);
        KnownWorld.Write(folder.Path, new History(Brands, Exposures: 2, Behaviours: 8), due);
        await using EmbeddedHost host = await EmbeddedHost.OpenAsync(new EngineOptions { DataFolder = folder.Path }, time, CancellationToken.None);
        await KnownWorld.PutBrandsAsync(host);

        time.Shift(TimeSpan.FromHours(1));
        await MeasureTicksAsync(report, host, time);
        await MeasureWorkOffAsync(report, host, time, due, TimeSpan.FromSeconds(quick ? 5 : 30));
    }

    private static async Task MeasureTicksAsync(Report report, EmbeddedHost host, ShiftedTime time)
    {
        const int ticks = 2_000;
        const int hours = 48;
        Latencies within = new(), begins = new();
        await host.RunCalendarAsync(CancellationToken.None);
        for (int i = 0; i < ticks; i++)
        {
            within.Add(await TickAsync(host));
        }

        for (int i = 0; i < hours; i++)
        {
            time.Shift(TimeSpan.FromHours(1));
            begins.Add(await TickAsync(host));
        }

        report.Add(new Figure("a tick with nothing due, median", within.Quantile(0.5) / 1_000, "ms", Target.Below(1)));
        report.Add(new Figure("a tick with nothing due, 99 of 100", within.Quantile(0.99) / 1_000, "ms", Target.Below(1)));
        report.Add(new Figure("a tick at which an hour begins without anybody, median", begins.Quantile(0.5) / 1_000, "ms", Target.Below(1)));
    }

    private static async Task<double> TickAsync(EmbeddedHost host)
    {
        long start = Stopwatch.GetTimestamp();
        await host.RunCalendarAsync(CancellationToken.None);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static async Task MeasureWorkOffAsync(Report report, EmbeddedHost host, ShiftedTime time, int due, TimeSpan before)
    {
        DecideCommand[] commands = [.. Enumerable.Range(0, Deciding).Select(n => Requests.Of(host.Catalogue, $"d-{n}"))];
        Decider decider = new(host, commands);
        Thread thread = new(decider.Run);
        thread.Start();

        // The first part warms up.
        await Task.Delay(before / 2);
        Latencies alone = decider.Exchange(new Latencies());
        await Task.Delay(before);
        alone = decider.Exchange(new Latencies());

        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        time.Shift(Ahead);
        while (Fallen(host) < Brands * due)
        {
            if (Stopwatch.GetElapsedTime(start) > Longest)
            {
                throw new InvalidOperationException($"After {Longest} there are {Fallen(host)} of {Brands * due} changes: {host.BackgroundTrouble?.Message ?? "no trouble"}.");
            }

            await Task.Delay(50);
        }

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Latencies during = decider.Exchange(new Latencies());
        decider.Stop();
        thread.Join();
        Tell(report, alone, during, due, took, cpu);
    }

    private static void Tell(Report report, Latencies alone, Latencies during, int due, TimeSpan took, TimeSpan cpu)
    {
        report.Add(new Figure("all that fell due shown in pulses after", took.TotalSeconds, "s"));
        report.Add(new Figure("worked off", due / took.TotalSeconds, "a second"));
        report.Add(new Figure("cores that the process had meanwhile", cpu / took, ""));
        report.Add(new Figure("decisions before", alone.Count, ""));
        report.Add(new Figure("decisions meanwhile", during.Count, ""));
        report.Add(new Figure("a decision before, half", alone.Quantile(0.5), "µs"));
        report.Add(new Figure("  99 of 100", alone.Quantile(0.99), "µs"));
        report.Add(new Figure("  the longest", alone.Max / 1_000, "ms"));
        report.Add(new Figure("a decision meanwhile, half", during.Quantile(0.5), "µs"));
        report.Add(new Figure("  99 of 100", during.Quantile(0.99), "µs"));
        report.Add(new Figure("  the longest", during.Max / 1_000, "ms"));
        report.Add(new Figure("99 of 100 meanwhile to before", during.Quantile(0.99) / alone.Quantile(0.99), "", Target.Below(2)));
    }

    // The books know nothing of consumers who were written past them, so each that loses its stage takes one from a total of none. Those who decide have no stage.
    private static long Fallen(EmbeddedHost host) => Enumerable.Range(0, Brands).Sum(b => -host.ReadPulse(Catalogues.IdOf(b))!.Link);

    private static int HourOf(DateTimeOffset instant) => (int)(instant.ToUnixTimeMilliseconds() / HourMs);

    /// <summary>Decides in bursts until it is stopped, and takes the time of each decision.</summary>
    private sealed class Decider(EmbeddedHost host, DecideCommand[] commands)
    {
        private Latencies _latencies = new();
        private readonly ManualResetEventSlim _stopping = new();

        public void Run()
        {
            for (int i = 0; !_stopping.IsSet; i = (i + 1) % commands.Length)
            {
                long start = Stopwatch.GetTimestamp();

                // Without events a decision is there when the call returns.
                host.DecideAsync(commands[i], CancellationToken.None).GetAwaiter().GetResult();
                Volatile.Read(ref _latencies).AddSince(start);
                if (i % Burst == 0)
                {
                    _stopping.Wait(1);
                }
            }
        }

        /// <summary>From now on others are written to.</summary>
        /// <returns>Those that were; one decision may still be added.</returns>
        public Latencies Exchange(Latencies next) => Interlocked.Exchange(ref _latencies, next);

        public void Stop() => _stopping.Set();
    }
}
