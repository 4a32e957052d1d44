using Decisioning.Core.Catalogue;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Folder;

/// <summary>A data folder that no engine has open: its journal and its states, held for this process alone while it is looked at.</summary>
internal sealed class DataFolder : IAsyncDisposable
{
    private readonly DataFolderLock _lock;

    private DataFolder(DataFolderLock held, SqliteStateStore store, SqliteTurnLog log, CatalogueSnapshot catalogue, CatalogueSnapshot known, string folder)
    {
        _lock = held;
        Store = store;
        Log = log;
        Catalogue = catalogue;
        Known = known;
        JournalBytes = new FileInfo(Path.Combine(folder, SqliteTurnLog.FileName)).Length;
    }

    public IStateStore Store { get; }

    public ITurnLog Log { get; }

    /// <summary>The brands as they stand.</summary>
    public CatalogueSnapshot Catalogue { get; }

    /// <summary>With them the brands that were deleted, as they last stood.</summary>
    public CatalogueSnapshot Known { get; }

    public long JournalBytes { get; }

    /// <summary>Opens a folder that an engine has written. Nothing is changed but that a torn end of the journal is cut, as any opening does.</summary>
    /// <exception cref="LabFailureException">There is no engine's data in the folder.</exception>
    /// <exception cref="StorageException">Another process has it open, or it is damaged.</exception>
    /// <exception cref="InvalidDataException">A stored document no longer compiles.</exception>
    public static async Task<DataFolder> OpenAsync(string folder)
    {
        foreach (string file in (string[])[SqliteStateStore.FileName, SqliteTurnLog.FileName])
        {
            if (!File.Exists(Path.Combine(folder, file)))
            {
                throw new LabFailureException($"{folder} is no data folder: there is no {file} in it.");
            }
        }

        DataFolderLock held = DataFolderLock.Acquire(folder);
        SqliteStateStore? store = null;
        SqliteTurnLog? log = null;
        try
        {
            store = SqliteStateStore.Open(folder);
            log = SqliteTurnLog.Open(folder, TimeProvider.System, store.Checkpoint);
            return new DataFolder(held, store, log, StoredCatalogue.Read(folder, store), StoredCatalogue.ReadAll(folder, store), folder);
        }
        catch
        {
            if (log is not null)
            {
                await log.DisposeAsync();
            }

            store?.Dispose();
            held.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        Store.Dispose();
        _lock.Dispose();
    }
}
