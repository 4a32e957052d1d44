namespace Decisioning.Load.Running;

/// <summary>What one check found.</summary>
/// <param name="Name">A few words: what must hold.</param>
/// <param name="Checked">How often it was looked at.</param>
/// <param name="Failed">How often it did not hold.</param>
/// <param name="Examples">The first few that failed, a sentence each.</param>
internal sealed record CheckResult(string Name, long Checked, long Failed, IReadOnlyList<string> Examples)
{
    /// <summary>As many as are told.</summary>
    public const int MostExamples = 5;

    /// <summary>Adds up what several clients found, by name.</summary>
    public static IReadOnlyList<CheckResult> Merge(IEnumerable<CheckResult> results) =>
        [.. results.GroupBy(r => r.Name, StringComparer.Ordinal).Select(same => new CheckResult(
            same.Key, same.Sum(r => r.Checked), same.Sum(r => r.Failed), [.. same.SelectMany(r => r.Examples).Take(MostExamples)]))];
}
