using Decisioning.Load.Http;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Running;

/// <summary>
/// A server beside the loaded one that decides nothing and keeps events by appending them to a file on the same disk, asked a hundred times a second, every other time to
/// keep something: how long this machine takes meanwhile for what nobody can do without.
/// </summary>
internal sealed class Reference : IAsyncDisposable
{
    private const string Key = "dk_reference";
    private const double Rate = 100;
    private const int Connections = 32;

    private readonly string _folder;
    private readonly ServerProcess _server;
    private readonly ClientHandle _client;
    private readonly SecondBoard _board = new(1, static () => null, static _ => { });

    private Reference(string folder, ServerProcess server, ClientHandle client) => (_folder, _server, _client) = (folder, server, client);

    /// <summary>What it answered in the measured seconds.</summary>
    public Frame Total => _board.Total;

    /// <summary>Starts it with the run's brands, and who asks it.</summary>
    /// <exception cref="LoadFailureException">It does not get ready.</exception>
    public static async Task<Reference> StartAsync(RunOptions options, WorldIds ids, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("decisioning-reference-").FullName;
        ServerProcess? server = null;
        try
        {
            server = await BareProcess.StartAsync(folder, ids, options.Scenario.World, Key, batch: true, options.Pinned, stop);
            using (WorldTarget target = new(new Uri(server.ReadyLine), Key))
            {
                await new WorldBuilder(target, ids).BuildAsync(options.Scenario.World with { Known = 0 }, options.Seed, stop);
            }

            return new Reference(folder, server, await ClientHandle.StartAsync(PlanOf(options, ids, server.ReadyLine)));
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Asks it as long as a segment of the run takes.</summary>
    /// <param name="segment">Its rate and curve are not the reference's.</param>
    /// <param name="stop">Ends the asking early.</param>
    /// <returns>Why it ended early; null: it did not.</returns>
    public async Task<string?> AskAsync(Segment segment, CancellationToken stop)
    {
        await using CancellationTokenRegistration stopping = stop.Register(() => _ = StopAsync());
        SegmentEnd end = await _client.RunAsync(segment with { Rate = Rate, Level = true }, _board.Take);
        _board.End();
        return _server.HasExited ? $"the reference ended during the run; it said: {_server.Said}" : end.Early is { } early ? $"of the reference: {early}" : null;
    }

    /// <summary>Ends the asking.</summary>
    public Task StopAsync() => _client.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static LoadPlan PlanOf(RunOptions options, WorldIds ids, string url) => new()
    {
        Url = url,
        Key = Key,
        Run = options.Run,
        Ids = ids,
        Scenario = options.Scenario.Plain(new VisitMix(1, 1, 0)),
        Seed = options.Seed,
        Client = 0,
        Clients = 1,
        Connections = Connections,
        Timeout = options.Timeout,
    };
}
