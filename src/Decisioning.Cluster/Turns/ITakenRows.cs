using Decisioning.Cluster.Storage;

namespace Decisioning.Cluster.Turns;

/// <summary>Is told what the store took of this silo, in the order of the rows' numbers.</summary>
public interface ITakenRows
{
    /// <summary>Called once a batch, before anybody is answered. Numbers ascend, from call to call too; those of refused rows are left out.</summary>
    /// <param name="rows">Payloads stay as they are: they may be kept.</param>
    void Taken(IReadOnlyList<TurnRow> rows);

    /// <summary>Called for a row that never will be taken: what its turns did has not happened. In no order.</summary>
    void Refused(TurnRow row)
    {
    }
}

/// <summary>Tells everybody.</summary>
internal sealed class TakenRows(params ITakenRows[] all) : ITakenRows
{
    public void Taken(IReadOnlyList<TurnRow> rows) => Array.ForEach(all, one => one.Taken(rows));

    public void Refused(TurnRow row) => Array.ForEach(all, one => one.Refused(row));
}
