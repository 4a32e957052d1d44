namespace Decisioning.Server;

/// <summary>The server cannot start; the message says why and what to do.</summary>
public sealed class StartException(string message) : Exception(message);
