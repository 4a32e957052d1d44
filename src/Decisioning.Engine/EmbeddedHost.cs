using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Durability;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Sandbox;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine;

/// <summary>The engine in one process, on a data folder of its own. Safe for any number of threads.</summary>
public sealed partial class EmbeddedHost : IDecisionHost, IWatchHost, IAsyncDisposable
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly EngineParts _parts;
    private readonly EngineRooms _rooms;
    private bool _disposed;

    private EmbeddedHost(EngineParts parts, EngineRooms rooms)
    {
        _parts = parts;
        _rooms = rooms;
    }

    public long Now => _parts.Clock.Now;

    public CatalogueSnapshot Catalogue => _parts.Catalogue.Current;

    public HostHealth Health
    {
        get
        {
            Exception? trouble = _parts.Log.Trouble ?? _rooms.Upkeep.Trouble ?? _rooms.Watch?.BooksTrouble;
            return new HostHealth(trouble is null && !_disposed, _disposed ? "The host is closed." : trouble?.Message);
        }
    }

    /// <summary>Consumers in memory.</summary>
    public long ResidentConsumers => _rooms.Residents.Gauge.Count;

    /// <summary>Bytes that consumers in memory take, all in.</summary>
    public long ResidentBytes => _rooms.Residents.Bytes;

    /// <summary>Consumers changed since they were last written back.</summary>
    public long DirtyConsumers => _rooms.Residents.Gauge.Dirty;

    /// <summary>Turns that were applied again when the host opened.</summary>
    public long RecoveredTurns => _rooms.RecoveredTurns;

    /// <summary>Opens the data folder, recovers what the last process left, and starts.</summary>
    /// <exception cref="StorageException">The folder is in use, cannot be used, or is damaged.</exception>
    /// <exception cref="InvalidDataException">What is stored does not belong together or cannot be read; the message says what and what to do.</exception>
    public static async Task<EmbeddedHost> OpenAsync(EngineOptions options, TimeProvider time, CancellationToken cancellation)
    {
        options.Check();
        HostClock clock = new(time);
        Stack<IDisposable> owned = new();
        ITurnLog? log = null;
        try
        {
            owned.Push(DataFolderLock.Acquire(options.DataFolder));
            EngineSecret secret = EngineSecret.Open(options.DataFolder);
            SqliteStateStore store = SqliteStateStore.Open(options.DataFolder);
            owned.Push(store);
            CatalogueRoom catalogue = new(store, IndustryFile.Open(options.DataFolder), clock);
            owned.Push(catalogue);
            log = SqliteTurnLog.Open(options.DataFolder, time, store.Checkpoint);
            return await OpenAsync(
                new EngineParts
                {
                    Log = log,
                    Store = store,
                    Hash = new KeyedConsumerHash(secret),
                    Seed = secret.Seed,
                    Catalogue = catalogue,
                    Editor = catalogue,
                    Clock = clock,
                    Options = options,
                    Owned = [.. owned],
                },
                cancellation);
        }
        catch
        {
            if (log is not null)
            {
                await log.DisposeAsync();
            }

            while (owned.TryPop(out IDisposable? last))
            {
                last.Dispose();
            }

            throw;
        }
    }

    /// <summary>Puts the two demo brands, dated around today, where no brand was ever put.</summary>
    /// <param name="baseUrl">Absolute URL of the server, where the demo's creatives are.</param>
    /// <returns>False where there was a brand before: nothing was done.</returns>
    public async Task<bool> SeedDemoAsync(string baseUrl, CancellationToken cancellation)
    {
        if (!Editor.NeverHadBrands)
        {
            return false;
        }

        await DemoBrands.PutAsync(this, baseUrl, cancellation);
        return true;
    }

    /// <summary>An engine in memory beside this one: the same live catalogue, a clock and consumers of its own.</summary>
    public Task<SandboxHost> OpenSandboxAsync(SandboxOptions options, CancellationToken cancellation) =>
        SandboxHost.OpenAsync(_parts.Catalogue, _parts.Editor, options, _parts.Clock.Time, cancellation);

    public ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation) => _rooms.Turns.DecideAsync(command, cancellation);

    public ValueTask<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation) =>
        _rooms.Turns.RecordAsync(events, catalogue, cancellation);

    public ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction, CancellationToken cancellation) =>
        _rooms.Turns.TrackAsync(decision, interaction, Catalogue, cancellation);

    public ValueTask<ConsumerView?> ReadConsumerAsync(string id, CancellationToken cancellation) => _rooms.Reading.ReadAsync(id, Catalogue, cancellation);

    public async ValueTask<ErasureReceipt?> EraseConsumerAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await _rooms.Erasure.EraseAsync(id, Catalogue, cancellation);
        }
        catch (StorageException e)
        {
            throw Unwritable(e);
        }
    }

    public ValueTask<CatalogueChange> PutBrandAsync(
        string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation) =>
        ChangeAsync(Editor.PutAsync(brandId, document, ifMatch, actor, cancellation));

    public ValueTask<CatalogueChange> DeleteBrandAsync(string brandId, string? ifMatch, string actor, CancellationToken cancellation) =>
        ChangeAsync(Editor.DeleteAsync(brandId, ifMatch, actor, cancellation));

    public ValueTask<CatalogueChange> SetStatusAsync(
        string brandId, SymbolKind kind, string id, bool paused, string actor, CancellationToken cancellation) =>
        ChangeAsync(Editor.SetStatusAsync(brandId, kind, id, paused, actor, cancellation));

    public ValueTask<CatalogueChange> PutSettingsAsync(ReadOnlyMemory<byte> document, string actor, CancellationToken cancellation) =>
        ChangeAsync(Editor.PutSettingsAsync(document, actor, cancellation));

    public ValueTask<ReadOnlyMemory<byte>?> ReadBrandAsync(string brandId, CancellationToken cancellation) => new(Editor.Read(brandId));

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(string brandId, CancellationToken cancellation) => new(Editor.ReadAudit(brandId));

    /// <summary>Writes every changed state back, drops what is past its time, and moves the checkpoint: what the host else does at every beat.</summary>
    /// <exception cref="StorageException">The disk refused.</exception>
    public Task RunUpkeepAsync(CancellationToken cancellation) => _rooms.Upkeep.RunAsync(cancellation);

    /// <summary>Takes no more turns, writes everything back so that the next start has nothing to recover, and closes the data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _rooms.Admission.Close();
        if (_rooms.Watch is { } watch)
        {
            await watch.DisposeAsync();
        }

        await _rooms.Upkeep.DisposeAsync();
        try
        {
            // With the journal's disk refusing, nothing may be written back: the next start recovers from the journal.
            if (_parts.Log.Trouble is null)
            {
                using CancellationTokenSource patience = new(LongestFarewell, _parts.Clock.Time);
                await _rooms.WriteBack.PassAsync(WriteBackPass.Final, patience.Token);
            }
        }
        finally
        {
            await CloseAsync();
        }
    }

    internal static async Task<EmbeddedHost> OpenAsync(EngineParts parts, CancellationToken cancellation) =>
        new(parts, await EngineRooms.OpenAsync(parts, cancellation));

    internal EngineRooms Rooms => _rooms;

    private CatalogueRoom Editor => _parts.Editor ?? throw new InvalidOperationException("The catalogue is not changed through this host.");

    private async Task CloseAsync()
    {
        try
        {
            await _parts.Log.DisposeAsync();
        }
        finally
        {
            _rooms.Dispose();
            foreach (IDisposable part in _parts.Owned)
            {
                part.Dispose();
            }
        }
    }

    private static async ValueTask<CatalogueChange> ChangeAsync(ValueTask<CatalogueChange> change)
    {
        try
        {
            return await change;
        }
        catch (StorageException e)
        {
            throw Unwritable(e);
        }
    }

    private static HostUnavailableException Unwritable(StorageException e) => new($"The disk refused: {e.Message}", Soon);
}
