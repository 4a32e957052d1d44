using System.Text.Json;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Running;

/// <summary>The server with an answer to decisions that was made and sealed beforehand, and events that are appended to a file, in a process of its own.</summary>
internal static class BareProcess
{
    /// <summary>Starts one; its address is the line by which it is ready.</summary>
    /// <param name="folder">Empty, its alone.</param>
    /// <param name="ids">Of the run.</param>
    /// <param name="shape">Its answer is for the first brand.</param>
    /// <param name="key">Of every role, whose rate no load reaches.</param>
    /// <param name="batch">Its threads are scheduled as the engine's are, not as the system does by itself.</param>
    /// <param name="pinned">It runs on the servers' core.</param>
    /// <exception cref="LoadFailureException">It does not get ready.</exception>
    public static async Task<ServerProcess> StartAsync(string folder, WorldIds ids, WorldShape shape, string key, bool batch, bool pinned, CancellationToken stop)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, "brand.json"), JsonSerializer.SerializeToUtf8Bytes(WorldDocuments.Of(ids, 0, shape.Creatives)), stop);
        string[] command = ["dotnet", ServerProcess.Built("load/Decisioning.Load.Bare"), folder, ids.BrandOf(0), key, .. batch ? ["batch"] : Array.Empty<string>()];
        return await ServerProcess.StartAsync(pinned ? Cores.ForServer(command) : command, ServerProcess.NoVariables, ServerProcess.IsAddress, stop);
    }
}
