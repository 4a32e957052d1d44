using Decisioning.Server;
using Orleans.Runtime;

namespace Decisioning.Silo;

/// <summary>
/// What Orleans cannot go on after: above all that the others took this silo for dead. It ends at once, with a sentence; there is nothing to hand over, for nothing of it would
/// be taken.
/// </summary>
internal sealed class FatalEnd(TextWriter error) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        error.WriteLine($"Decisioning ends, start it again: {context ?? exception?.Message ?? "Orleans gives no reason."}");
        Environment.Exit(ExitCodes.Ended);
    }
}
