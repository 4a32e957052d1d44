using Decisioning.Cluster.Storage;

namespace Decisioning.Silo;

/// <summary>What the silos of a cluster share.</summary>
/// <param name="Store">Not yet opened.</param>
/// <param name="Configure">Puts Orleans' membership and reminders beside it.</param>
internal sealed record SharedPlace(IClusterStore Store, Action<ISiloBuilder> Configure);

/// <summary>A kind of place that silos can share.</summary>
/// <param name="Name">As the usage calls it, such as <c>PostgreSQL database</c>.</param>
/// <param name="Example">How one is named.</param>
/// <param name="IsOne">Whether a text names one, by its form.</param>
/// <param name="Find">Throws <see cref="Engine.Storage.StorageException"/> where the text is not whole.</param>
internal sealed record PlaceKind(string Name, string Example, Func<string, bool> IsOne, Func<string, SharedPlace> Find);
