using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine;

/// <summary>What a host is put together from.</summary>
internal sealed record EngineParts
{
    public required ITurnLog Log { get; init; }

    public required IStateStore Store { get; init; }

    public required IConsumerHash Hash { get; init; }

    /// <summary>Seeds draws.</summary>
    public required ulong Seed { get; init; }

    public required ICatalogueSource Catalogue { get; init; }

    /// <summary>Where the catalogue is changed; null: not through this host.</summary>
    public CatalogueRoom? Editor { get; init; }

    public required HostClock Clock { get; init; }

    public required EngineOptions Options { get; init; }

    /// <summary>Closed with the host, in this order, after its workers and its log.</summary>
    public IReadOnlyList<IDisposable> Owned { get; init; } = [];
}
