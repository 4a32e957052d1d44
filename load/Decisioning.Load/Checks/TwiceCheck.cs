namespace Decisioning.Load.Checks;

/// <summary>No reply has a creative twice.</summary>
internal sealed class TwiceCheck
{
    public Finding Finding { get; } = new("no creative twice in a reply");

    public void Look(int number, Func<int, string> consumer, IReadOnlyList<ReadDecision> decisions)
    {
        for (int i = 1; i < decisions.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (decisions[i].BrandHash == decisions[j].BrandHash && decisions[i].CreativeHash == decisions[j].CreativeHash)
                {
                    Finding.Failed($"A reply for {consumer(number)} has one creative as its decisions {j + 1} and {i + 1}.");
                    return;
                }
            }
        }

        Finding.Held();
    }
}
