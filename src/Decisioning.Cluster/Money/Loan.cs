namespace Decisioning.Cluster.Money;

/// <summary>What one silo's epoch was lent of a campaign's budget, in sums since the epoch began: each only grows, so that what is told twice or late does no harm. Micros.</summary>
internal sealed class Loan
{
    public long Granted { get; set; }

    /// <summary>Given back, as the silo last said.</summary>
    public long Returned { get; private set; }

    /// <summary>Charged of nobody's block, as the silo last said.</summary>
    public long Outside { get; private set; }

    /// <summary>Charged by the epoch's rows that are in the books.</summary>
    public long Spent { get; set; }

    /// <summary>Held by live reservations, as the silo last said.</summary>
    public long Held { get; private set; }

    /// <summary>What of the block is not known to be spent or given back: it may be spent any time.</summary>
    public long Out => Math.Max(0, Granted - Returned - Math.Max(0, Spent - Outside));

    /// <returns>Whether anything moved.</returns>
    public bool Hear(long returned, long outside, long held)
    {
        bool moved = returned > Returned || outside > Outside || held != Held;
        Returned = Math.Max(Returned, returned);
        Outside = Math.Max(Outside, outside);
        Held = held;
        return moved;
    }
}
