namespace Decisioning.Lab;

/// <summary>The command cannot do its work: a file, folder or server is not what it should be. The message is for people.</summary>
public class LabFailureException(string message) : Exception(message);
