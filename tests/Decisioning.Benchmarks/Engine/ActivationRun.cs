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

        // The first tenth compiles the code, the second is touched again, warm, for comparison.
        int tenth = count / 10;
        await TouchAsync(host, commands.AsMemory(0, tenth));
        double warm = await TouchAsync(host, commands.AsMemory(0, tenth));
        double one = await TouchAsync(host, commands.AsMemory(tenth, 4 * tenth));
        long start = Stopwatch.GetTimestamp();
        Memory<DecideCommand>[] halves = [commands.AsMemory(5 * tenth, 5 * tenth / 2), commands.AsMemory(5 * tenth + 5 * tenth / 2)];
        await Task.WhenAll(halves.Select(half => Task.Run(() => TouchAsync(host, half))));
        double two = halves.Sum(h => h.Length) / Stopwatch.GetElapsedTime(start).TotalSeconds;

        report.Add(new Figure("activated and decided, one thread", 1 / one, "a second", Target.AtLeast(50_000)));
        report.Add(new Figure("activated and decided, two threads", two, "a second"));
        report.Add(new Figure("of which the decision itself, warm", warm * 1e6, "µs"));
        report.Add(new Figure("of which the activation", (one - warm) * 1e6, "µs"));
        if (host.ResidentConsumers != count)
        {
            throw new InvalidOperationException($"{host.ResidentConsumers} of {count} consumers are resident.");
        }
    }

    /// <returns>Seconds a touch.</returns>
    private static async Task<double> TouchAsync(EmbeddedHost host, Memory<DecideCommand> commands)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < commands.Length; i++)
        {
            await host.DecideAsync(commands.Span[i], CancellationToken.None);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / commands.Length;
    }
}
