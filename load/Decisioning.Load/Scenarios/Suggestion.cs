namespace Decisioning.Load.Scenarios;

/// <summary>What somebody may have meant who mistyped a name.</summary>
internal static class Suggestion
{
    /// <summary>The end of a sentence that proposes the nearest name; empty where none is near.</summary>
    /// <param name="typed">What is no name.</param>
    /// <param name="names">What could have been meant.</param>
    /// <param name="near">Letters that may be wrong, at most.</param>
    public static string For(string typed, IEnumerable<string> names, int near)
    {
        string? nearest = names.MinBy(n => Distance(typed, n));
        return nearest is not null && Distance(typed, nearest) <= near ? $"; did you mean '{nearest}'" : "";
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
