using Decisioning.Engine;
using Decisioning.Server;

namespace Decisioning.Crash;

/// <summary>
/// The server as it is but for one figure: states are written back after some tens of turns, so that kills meet passes and checkpoints, which otherwise come
/// long after a round is over.
/// </summary>
internal static class EagerServer
{
    /// <summary>Said before the server's own options.</summary>
    public const string Command = "serve";

    private const int Turns = 25;

    /// <summary>A process of it.</summary>
    public static ServerProcess Start(string folder) => ServerProcess.StartOver(typeof(EagerServer).Assembly.Location, folder, Command);

    public static Task<int> RunAsync(string[] args) => ServerProgram.RunAsync(
        args,
        HostProgram.Plain(static (request, cancellation) => EmbeddedHosting.OpenAsync(
            new EngineOptions { DataFolder = request.DataFolder, WriteBackTurns = Turns }, request.Clock, cancellation)),
        Console.Out,
        Console.Error,
        CancellationToken.None);
}
