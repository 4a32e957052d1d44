using Decisioning.Core.Hosting;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Sandbox;

/// <summary>
/// An engine in memory for trying a story: the live catalogue, consumers of its own that are gone with the process, and a clock that can be moved forward.
/// Nothing of it counts. Changing the catalogue through it changes the live one, where the live one is changed in this process.
/// </summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private const int Shards = 16;
    private const long StateBytes = 16_384;

    // Consumers beyond the bound are dropped after each pass.
    private static readonly TimeSpan WriteBackEvery = TimeSpan.FromSeconds(30);

    /// <summary>The furthest that the clock may be moved in one step.</summary>
    public static readonly TimeSpan FurthestAdvance = TimeSpan.FromDays(3_653);

    /// <summary>The furthest that it may be ahead: a hundred years, within what calendars know.</summary>
    private static readonly DateTimeOffset LastInstant = new(2099, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private readonly EmbeddedHost _host;
    private readonly SandboxClock _clock;

    private SandboxHost(EmbeddedHost host, SandboxClock clock)
    {
        _host = host;
        _clock = clock;
    }

    public IDecisionHost Host => _host;

    /// <summary>Moves the clock forward and does what is due by then.</summary>
    /// <param name="by">Above zero, at most ten years.</param>
    /// <returns>The clock, ms since the Unix epoch.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It would move backwards, too far, or past the year 2099.</exception>
    public async ValueTask<long> AdvanceAsync(TimeSpan by, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(by, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(by, FurthestAdvance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_clock.GetUtcNow() + by, LastInstant, nameof(by));
        _clock.Advance(by);
        await _host.RunUpkeepAsync(cancellation);
        return _host.Now;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    internal static async Task<SandboxHost> OpenAsync(
        ICatalogueSource catalogue, CatalogueRoom? editor, SandboxOptions options, TimeProvider time, CancellationToken cancellation)
    {
        SandboxClock clock = new(time);
        MemoryTurnLog log = new(options.MaxJournalBytes);
        MemoryStateStore store = new();
        EngineSecret secret = EngineSecret.Create();
        EngineOptions engine = new()
        {
            DataFolder = "",
            Watched = false,
            Shards = Shards,
            WriteBackEvery = WriteBackEvery,
            MaxConsumers = options.MaxConsumers,
            MaxDirtyConsumers = 2 * options.MaxConsumers,
            MaxResidentBytes = Math.Max(1 << 20, options.MaxConsumers * StateBytes),
        };
        engine.Check();
        EmbeddedHost host = await EmbeddedHost.OpenAsync(
            new EngineParts
            {
                Log = log,
                Store = store,
                Hash = new KeyedConsumerHash(secret),
                Seed = secret.Seed,
                Catalogue = catalogue,
                Editor = editor,
                Clock = new HostClock(clock),
                Options = engine,
                Owned = [store],
            },
            cancellation);
        return new SandboxHost(host, clock);
    }
}
