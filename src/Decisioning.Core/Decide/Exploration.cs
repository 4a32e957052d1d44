namespace Decisioning.Core.Decide;

/// <summary>Scores → probabilities → seeded draw, as functions over the caller's buffers.</summary>
public static class Exploration
{
    /// <summary>The share of draws that ignore the scores, so that every candidate can be learned about.</summary>
    public const double Epsilon = 0.1;

    /// <summary>ε-greedy: every candidate gets ε/n, those that tie for the best share the rest evenly. The probabilities sum to 1.</summary>
    /// <param name="scores">At least one.</param>
    /// <param name="probabilities">As many.</param>
    public static void EpsilonGreedy(ReadOnlySpan<double> scores, Span<double> probabilities)
    {
        double best = double.NegativeInfinity;
        int ties = 0;
        foreach (double score in scores)
        {
            ties = score > best ? 1 : score == best ? ties + 1 : ties;
            best = Math.Max(best, score);
        }

        double floor = Epsilon / scores.Length, share = (1 - Epsilon) / ties;
        for (int i = 0; i < scores.Length; i++)
        {
            probabilities[i] = scores[i] == best ? floor + share : floor;
        }
    }

    /// <summary>Draws an index with the given probabilities.</summary>
    /// <param name="probabilities">Sum to 1.</param>
    /// <param name="uniform">From 0 up to, not including, 1.</param>
    public static int Draw(ReadOnlySpan<double> probabilities, double uniform)
    {
        double sum = 0;
        for (int i = 0; i < probabilities.Length - 1; i++)
        {
            sum += probabilities[i];
            if (uniform < sum)
            {
                return i;
            }
        }

        return probabilities.Length - 1;
    }
}

/// <summary>SplitMix64 (Steele, Lea and Flood, 2014): a stream of random numbers from one seed.</summary>
public struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to, not including, 1, in 53 bits.</summary>
    public double NextUniform() => (Next() >> 11) * (1.0 / (1UL << 53));
}
