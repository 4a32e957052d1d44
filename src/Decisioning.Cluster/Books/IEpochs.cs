using Decisioning.Cluster.Storage;

namespace Decisioning.Cluster.Books;

/// <summary>The epochs as this silo last read them.</summary>
internal interface IEpochs
{
    /// <summary>Ascending; read at every beat, and never older than what was seen here before.</summary>
    IReadOnlyList<EpochRow> Known { get; }

    /// <summary>Reads them now.</summary>
    Task<IReadOnlyList<EpochRow>> ReadAsync(CancellationToken cancellation);
}
