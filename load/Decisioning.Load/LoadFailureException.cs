namespace Decisioning.Load;

/// <summary>The run cannot be done: a file, an address or a key is not what it should be. The message is for people and names every fault, one a line.</summary>
internal sealed class LoadFailureException(string message) : Exception(message);
