using Decisioning.Load.World;

namespace Decisioning.Load.Checks;

/// <summary>
/// Caps hold and stories go on, for the consumers who come most and every 64th other, as far as memory is set aside for them. What one client sees is enough to be wrong,
/// not to be right: with several clients each looks at its own replies.
/// </summary>
internal sealed class CapAndStoryCheck
{
    private const int Most = 100_000;
    private const int Hottest = 1_000;
    private const int Every = 64;

    private readonly Dictionary<long, Watched> _watched = new(Most);

    public Finding Caps { get; } = new("caps respected");

    public Finding Story { get; } = new("story order kept");

    /// <summary>The consumers that were looked at, from the hottest.</summary>
    public IEnumerable<int> Consumers => _watched.Keys.Select(k => (int)(k >> 32)).Distinct().Order();

    /// <param name="number">The consumer's number.</param>
    /// <param name="consumer">Its id.</param>
    /// <param name="decisions">Of one reply, not a retry's.</param>
    public void Look(int number, Func<int, string> consumer, IReadOnlyList<ReadDecision> decisions)
    {
        if (number >= Hottest && number % Every != 0)
        {
            return;
        }

        for (int i = 0; i < decisions.Count; i++)
        {
            ReadDecision decision = decisions[i];
            if (decision.Brand < 0 || Find(number, decision.Brand) is not { } watched)
            {
                continue;
            }

            Tell(Caps, watched.TakeForCap(decision.Expires), number, consumer, decision, "is beyond the cap of {0} a day");
            Tell(Story, watched.TakeForStory(decision.Step, decision.Stage, decision.Expires), number, consumer, decision, "goes back in the story");
        }
    }

    private Watched? Find(int consumer, int brand)
    {
        long key = ((long)consumer << 32) | (uint)brand;
        if (!_watched.TryGetValue(key, out Watched? watched) && _watched.Count < Most)
        {
            _watched.Add(key, watched = new Watched());
        }

        return watched;
    }

    private static void Tell(Finding finding, bool holds, int number, Func<int, string> consumer, in ReadDecision decision, string fault)
    {
        if (holds)
        {
            finding.Held();
            return;
        }

        string step = decision.Step < 0 ? "unknown" : WorldStory.Steps[decision.Step];
        finding.Failed($"A decision of brand {decision.Brand} for {consumer(number)}, step {step}, {string.Format(null, fault, WorldStory.CapPerDay)}.");
    }
}
