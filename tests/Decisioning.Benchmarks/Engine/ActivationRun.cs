using System.Diagnostics;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Decide;
using Decisioning.Engine;

namespace Decisioning.Benchmarks.Engine;

/// <summary><c>activation</c>: first touches of consumers who are on disk alone, each by a decision, in random order.</summary>
internal static class ActivationRun
{
    public static async Task RunAsync(Report report, bool quick)
    {
        int count = quick ? 100_000 : 1_000_000;
        report.Heading($"activation: {count:N0} consumers on disk, each touched once by a decision, in random order");
        using ScratchFolder folder = new();
        await using EmbeddedHost host = await KnownWorld.OpenAsync(folder.Path, MemoryRun.Stated, count, o => o with { MaxDirtyConsumers = 2 * count });
        DecideCommand[] commands = [.. Enumerable.Range(0, count).Select(n => Requests.Of(host.Catalogue, PackedConsumers.IdOf(n)))];
        new Random(3).Shuffle(commands);

        // The first tenth compiles the code; once resident it is touched again, warm, for comparison.
        int tenth = count / 10;
        await TouchAsync(host, commands.AsMemory(0, tenth));
        Touches warm = await TouchAsync(host, commands.AsMemory(0, tenth));
        Touches cold = await TouchAsync(host, commands.AsMemory(tenth, 9 * tenth));
        report.Add(new Figure("activated and decided, one thread", 1e6 / cold.Elapsed, "a second", Target.AtLeast(50_000)));
        report.Add(new Figure("activated and decided, by the thread's own time", 1e6 / cold.Own, "a second"));
        report.Add(new Figure("of which the decision itself, warm", warm.Own, "µs"));
        report.Add(new Figure("of which the activation", cold.Own - warm.Own, "µs"));
        if (host.ResidentConsumers != count)
        {
            throw new InvalidOperationException($"{host.ResidentConsumers} of {count} consumers are resident.");
        }
    }

    private static async Task<Touches> TouchAsync(EmbeddedHost host, Memory<DecideCommand> commands)
    {
        long start = Stopwatch.GetTimestamp();
        double own = ThreadClock.Microseconds;
        for (int i = 0; i < commands.Length; i++)
        {
            // Without events a decision completes at once, so that all of this runs on one thread.
            await host.DecideAsync(commands.Span[i], CancellationToken.None);
        }

        return new Touches(Stopwatch.GetElapsedTime(start).TotalMicroseconds / commands.Length, (ThreadClock.Microseconds - own) / commands.Length);
    }

    /// <summary>Microseconds a touch.</summary>
    /// <param name="Elapsed">By the wall's clock.</param>
    /// <param name="Own">By the thread's.</param>
    private readonly record struct Touches(double Elapsed, double Own);
}
