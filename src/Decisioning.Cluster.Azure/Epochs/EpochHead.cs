using Azure;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;

namespace Decisioning.Cluster.Azure.Epochs;

/// <summary>
/// How far an epoch is. It lies beside the epoch's pages, and each write to them changes it in the same transaction: who does not know it as it stands adds nothing.
/// </summary>
/// <param name="Open">False: no page is added any more.</param>
/// <param name="Proposed">Up to this number rows lie in pages.</param>
/// <param name="Settled">Up to this number it is known which of them were taken, and only those lie in pages.</param>
/// <param name="Last">Number of the newest row that was taken.</param>
/// <param name="Hold">The sight for which writing rests; empty: none.</param>
internal sealed record EpochHead(long Epoch, bool Open, long Proposed, long Settled, long Last, string Hold, ETag Tag)
{
    public bool IsSettled => Settled == Proposed;

    public static EpochHead Read(TableEntity entity) => new(
        Keys.NumberOf(entity.PartitionKey), entity.GetBoolean(nameof(Open))!.Value, entity.GetInt64(nameof(Proposed))!.Value, entity.GetInt64(nameof(Settled))!.Value,
        entity.GetInt64(nameof(Last))!.Value, entity.GetString(nameof(Hold)), entity.ETag);

    public TableEntity ToEntity() => new(Keys.Of(Epoch), Keys.Head)
    {
        [nameof(Open)] = Open,
        [nameof(Proposed)] = Proposed,
        [nameof(Settled)] = Settled,
        [nameof(Last)] = Last,
        [nameof(Hold)] = Hold,
    };

    /// <summary>Puts this in the place of what it was made of.</summary>
    public TableTransactionAction ToAction() => new(TableTransactionActionType.UpdateReplace, ToEntity(), Tag);
}
