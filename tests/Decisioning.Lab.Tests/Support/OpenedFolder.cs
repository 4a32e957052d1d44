using System.Buffers;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Folder;

namespace Decisioning.Lab.Tests.Support;

/// <summary>A data folder opened to be tampered with: its files are written as the engine writes them, but with what a test wants in them.</summary>
internal sealed class OpenedFolder : IAsyncDisposable
{
    private const ulong Seed = 7;

    private readonly DataFolderLock _lock;

    public OpenedFolder(string folder)
    {
        _lock = DataFolderLock.Acquire(folder);
        Store = SqliteStateStore.Open(folder);
        Log = SqliteTurnLog.Open(folder, TimeProvider.System);
        Catalogue = StoredCatalogue.Read(folder, Store);
    }

    public SqliteStateStore Store { get; }

    public SqliteTurnLog Log { get; }

    public CatalogueSnapshot Catalogue { get; }

    public Turn Turn { get; } = new(Seed);

    /// <summary>What is written, as bytes to store.</summary>
    public static byte[] FormOf(Action<ByteWriter> write)
    {
        var form = new ByteWriter();
        write(form);
        return form.Written.ToArray();
    }

    /// <summary>Loads a stored state into the turn's scratch.</summary>
    public void Load(ulong key)
    {
        var row = new ArrayBufferWriter<byte>();
        Assert.True(Store.TryRead(key, row));
        Assert.True(ConsumerCodec.TryRead(row.WrittenSpan, Turn.State));
    }

    /// <summary>The key of the stored state with that id.</summary>
    public ulong KeyOf(string id) => Store.ReadAll().Single(r => System.Text.Encoding.UTF8.GetString(ConsumerCodec.IdOf(r.Value.Span)) == id).Key;

    /// <summary>Records an event in a turn on the scratch state.</summary>
    public void Play(ulong key, EventCommand e)
    {
        Turn.Begin(key, e.OccurredAt!.Value, Catalogue, new OpenMarket(), null);
        Assert.Equal(EventStatus.Accepted, Turn.Record(e).Status);
    }

    /// <summary>Appends the scratch's turn to the journal.</summary>
    public long Append(ulong key) => Turn.State.Position =
        Log.Append(new TurnHead(TurnKind.Turn, key, Turn.State.Sequence, Turn.Now, Turn.State.Position), Turn.Payload, urgent: true);

    /// <summary>Stores the scratch state, with its entry in the calendar.</summary>
    public void Save(ulong key)
    {
        var stored = new ArrayBufferWriter<byte>();
        int entered = Store.TryRead(key, stored) ? ConsumerCodec.CalendarHourOf(stored.WrittenSpan) : 0;
        byte[] packed = new byte[ConsumerCodec.SizeOf(Turn.State)];
        ConsumerCodec.Write(Turn.State, packed);
        Store.Write([new(key, packed)], null, null, [new CalendarMove(key, entered, Turn.State.CalendarHour)]);
    }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        Store.Dispose();
        _lock.Dispose();
    }
}
