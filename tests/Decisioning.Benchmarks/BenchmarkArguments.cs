namespace Decisioning.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Commands">Names of the benchmarks, in the order to run.</param>
/// <param name="Quick">Smaller and shorter: to see that it works, not what it reaches.</param>
/// <param name="Check">Ends with 1 where a target is missed.</param>
internal sealed record BenchmarkArguments(IReadOnlyList<string> Commands, bool Quick, bool Check)
{
    /// <summary>Asks for every curve.</summary>
    public const string AllCurves = "curves";

    private const string CurvePrefix = "curve-";

    /// <summary>Reads the command line; null where it has faults.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="known">Every benchmark, in the order of <c>all</c>.</param>
    public static BenchmarkArguments? Parse(string[] args, IReadOnlyList<string> known)
    {
        string[] options = [.. args.Where(a => a.StartsWith("--", StringComparison.Ordinal))];
        string[] commands = [.. args.Except(options)];
        if (commands.Length == 0 || options.Except(["--quick", "--check"]).Any() || commands.Except(known).Any(c => c is not ("all" or AllCurves)))
        {
            return null;
        }

        IEnumerable<string> named = commands.SelectMany(c => c == AllCurves ? known.Where(k => k.StartsWith(CurvePrefix, StringComparison.Ordinal)) : [c]);
        return new BenchmarkArguments(commands.Contains("all") ? known : [.. named], options.Contains("--quick"), options.Contains("--check"));
    }
}
