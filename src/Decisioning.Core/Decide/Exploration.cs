namespace Decisioning.Core.Decide;

/// <summary>Scores → probabilities → seeded draw, as functions over the caller's buffers.</summary>
public static class Exploration
{
    /// <summary>The share of draws that ignore the scores, so that every candidate can be learned about.</summary>
    public const double Epsilon = 0.1;

    /// <summary>
    /// ε-greedy over groups of equal arms: every arm gets ε/n, those that tie for the best share the rest evenly. Probability × count sums to 1.
    /// </summary>
    /// <param name="scores">The score of each arm of a group; at least one group.</param>
    /// <param name="counts">Arms in each group, 1 or more.</param>
    /// <param name="probabilities">Filled with the probability of each arm of a group.</param>
    public static void EpsilonGreedy(ReadOnlySpan<double> scores, ReadOnlySpan<int> counts, Span<double> probabilities)
    {
        double best = double.NegativeInfinity;
        int arms = 0, ties = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            ties = scores[i] > best ? counts[i] : scores[i] == best ? ties + counts[i] : ties;
            best = Math.Max(best, scores[i]);
            arms += counts[i];
        }

        double floor = Epsilon / arms, share = (1 - Epsilon) / ties;
        for (int i = 0; i < scores.Length; i++)
        {
            probabilities[i] = scores[i] == best ? floor + share : floor;
        }
    }

    /// <summary>Draws a group and an arm within it.</summary>
    /// <param name="probabilities">Of each arm of a group.</param>
    /// <param name="counts">Arms in each group; probability × count sums to 1.</param>
    /// <param name="uniform">From 0 up to, not including, 1.</param>
    public static (int Group, int Arm) Draw(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> counts, double uniform)
    {
        double left = uniform;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double mass = probabilities[i] * counts[i];
            if (left < mass || i == probabilities.Length - 1)
            {
                return (i, Math.Min((int)(left / probabilities[i]), counts[i] - 1));
            }

            left -= mass;
        }

        throw new ArgumentException("There is nothing to draw from.", nameof(probabilities));
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
