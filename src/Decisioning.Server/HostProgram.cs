using Decisioning.Server.Options;

namespace Decisioning.Server;

/// <summary>A program around a host: what it is called, which options the host has beside the server's own, and how it is opened.</summary>
public sealed record HostProgram
{
    /// <summary>As its usage calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The folder below the user's local application data, where none is named.</summary>
    public required string FolderName { get; init; }

    /// <summary>The host's own options, on the command line and in the configuration's section <see cref="HostSettings.Section"/>.</summary>
    public IReadOnlyList<HostOption> Options { get; init; } = [];

    /// <summary>Reads the host's own options, adding a sentence for every fault, and says how to open it. Called once, before anything is opened.</summary>
    public required Func<HostSettings, ICollection<string>, OpenHost> Prepare { get; init; }

    /// <summary>The server around a host that has no options of its own.</summary>
    public static HostProgram Plain(OpenHost open) => new() { Name = "Decisioning.Server", FolderName = "decisioning", Prepare = (_, _) => open };
}

/// <param name="Name">On the command line, such as <c>--join</c>.</param>
/// <param name="Key">In the configuration's section.</param>
/// <param name="Takes">What it takes, for the usage.</param>
/// <param name="Help">What it is for, in a few words.</param>
public sealed record HostOption(string Name, string Key, string Takes, string Help);
