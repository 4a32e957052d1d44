using Decisioning.Cluster.Storage;

namespace Decisioning.Cluster.Turns;

/// <summary>Is told what the store took of this silo, in the order of the rows' numbers.</summary>
public interface ITakenRows
{
    /// <summary>Called once a batch, before anybody is answered. Numbers ascend, from call to call too; those of refused rows are left out.</summary>
    /// <param name="rows">Payloads stay as they are: they may be kept.</param>
    void Taken(IReadOnlyList<TurnRow> rows);
}

/// <summary>Where nobody keeps books.</summary>
internal sealed class NoTakenRows : ITakenRows
{
    public void Taken(IReadOnlyList<TurnRow> rows)
    {
    }
}
