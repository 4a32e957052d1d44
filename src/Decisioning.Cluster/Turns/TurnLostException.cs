namespace Decisioning.Cluster.Turns;

/// <summary>
/// The store refused a turn's row: somebody else wrote the consumer's turn first, or the silo's epoch is closed. Nothing of the turn is kept; ask again.
/// </summary>
internal sealed class TurnLostException() : Exception("The turn was lost to another silo.");
