using Decisioning.Api;
using Decisioning.Api.Tokens;
using Decisioning.Core.Hosting;

namespace Decisioning.Server;

/// <summary>What a host is opened with.</summary>
/// <param name="DataFolder">An existing folder, the host's alone.</param>
/// <param name="Clock">The server's clock.</param>
/// <param name="Traced">Whether somebody gets to see traces.</param>
public sealed record HostRequest(string DataFolder, TimeProvider Clock, bool Traced = false);

/// <summary>A host that is open, its sandbox, what puts the demo brands into a catalogue that never had one, and what closes all.</summary>
public sealed record OpenedHost(IDecisionHost Host, ISandbox Sandbox, SeedDemo SeedDemo, IAsyncDisposable Lifetime)
{
    /// <summary>The host's books; null where it keeps none.</summary>
    public IWatchHost? Watch { get; init; }

    /// <summary>Seals decisions for every server that shares the host's data; disposed with the server. Null: the key file in the data folder does.</summary>
    public TokenRing? Tokens { get; init; }

    /// <summary>Cancelled when the host has ended by itself: the server then stops, and the program ends as one that could not go on.</summary>
    public CancellationToken Ended { get; init; }

    /// <summary>What the banner says of where the data is; null: the data folder.</summary>
    public string? DataPlace { get; init; }
}

/// <summary>Puts the demo brands, where there never was a brand.</summary>
/// <param name="baseUrl">Absolute URL of the server, for the demo's creatives.</param>
public delegate Task SeedDemo(string baseUrl, CancellationToken cancellation);

/// <summary>Opens the host that the server serves.</summary>
/// <exception cref="StartException">It cannot be opened.</exception>
public delegate ValueTask<OpenedHost> OpenHost(HostRequest request, CancellationToken cancellation);
