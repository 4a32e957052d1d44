using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Turns;

/// <summary>A turn as it is handed to <see cref="SiloLog"/>.</summary>
/// <param name="Consumer">The consumer's key.</param>
/// <param name="Sequence">The consumer's turn number, from 1.</param>
/// <param name="Instant">Ms since the Unix epoch.</param>
/// <param name="DueHour">Where the turn moved the calendar entry, hours from the Unix epoch, 0 to drop it; null: it stays.</param>
/// <param name="Snapshot">The state after the turn, to be kept once the turn is; null: none is due.</param>
/// <param name="Catalogue">The version of the catalogue that it ran under.</param>
/// <param name="Dated">Whether the payload's facts tell the turn's instant; else the row must.</param>
internal readonly record struct LogEntry(ulong Consumer, long Sequence, long Instant, int? DueHour, byte[]? Snapshot, long Catalogue, bool Dated);
