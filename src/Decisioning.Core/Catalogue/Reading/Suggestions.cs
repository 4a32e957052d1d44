namespace Decisioning.Core.Catalogue.Reading;

/// <summary>
/// Finds the name that a mistyped one was meant to be, by edit distance with swaps. A document full of mistyped names among thousands of candidates
/// would make that slow, so that the number of candidates looked at for one document is bounded: later faults then come without a suggestion.
/// </summary>
public sealed class Suggestions
{
    private const int MaxLength = 64;
    private const int MaxListed = 30;

    private int _candidatesLeft = 200_000;

    /// <summary>The end of a sentence about an unknown name: the close match, or the few names there are, or nothing.</summary>
    public string For(string name, IReadOnlyCollection<string> candidates)
    {
        if (Closest(name, candidates) is { } match)
        {
            return $"; did you mean {Quote.Of(match)}?";
        }

        return candidates.Count is > 0 and <= MaxListed ? $"; known here: {string.Join(", ", candidates)}." : ".";
    }

    private string? Closest(string name, IReadOnlyCollection<string> candidates)
    {
        if (name.Length is 0 or > MaxLength || _candidatesLeft < candidates.Count)
        {
            return null;
        }

        _candidatesLeft -= candidates.Count;
        string? best = null;
        int limit = LimitFor(name.Length) + 1;
        foreach (string candidate in candidates)
        {
            int distance = Distance(name, candidate, limit);
            if (distance < limit)
            {
                (best, limit) = (candidate, distance);
            }
        }

        return best;
    }

    private static int LimitFor(int length) => length switch { <= 3 => 1, <= 7 => 2, _ => 3 };

    /// <summary>Optimal string alignment distance without regard to case; <paramref name="limit"/> where it is that or more.</summary>
    private static int Distance(string a, string b, int limit)
    {
        if (b.Length > MaxLength || Math.Abs(a.Length - b.Length) >= limit)
        {
            return limit;
        }

        Span<int> beforeLast = stackalloc int[MaxLength + 1];
        Span<int> last = stackalloc int[MaxLength + 1];
        Span<int> row = stackalloc int[MaxLength + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                int cost = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    cost = Math.Min(cost, beforeLast[j - 2] + 1);
                }

                row[j] = cost;
                least = Math.Min(least, cost);
            }

            if (least > limit)
            {
                return limit;
            }

            Span<int> free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }

        return Math.Min(last[b.Length], limit);
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
