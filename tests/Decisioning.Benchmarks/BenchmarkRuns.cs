using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Benchmarks;

/// <summary>Runs the benchmarks that a command line asks for.</summary>
internal static class BenchmarkRuns
{
    /// <param name="args">The command line.</param>
    /// <param name="benchmarks">By name, in the order of <c>all</c>: told where to report and whether to be quick.</param>
    /// <returns>The exit code: 2 for a faulty command line, 1 for a missed target where asked to check.</returns>
    public static async Task<int> RunAsync(string[] args, IReadOnlyDictionary<string, Func<Report, bool, Task>> benchmarks)
    {
        if (BenchmarkArguments.Parse(args, [.. benchmarks.Keys]) is not { } arguments)
        {
            Console.Error.WriteLine($"usage: {string.Join('|', benchmarks.Keys)}|{BenchmarkArguments.AllCurves}|all [--quick] [--check]");
            return 2;
        }

        Report report = new(Console.Out);
        foreach (string command in arguments.Commands)
        {
            await benchmarks[command](report, arguments.Quick);
        }

        report.Close();
        return arguments.Check && !report.AllMet ? 1 : 0;
    }
}
