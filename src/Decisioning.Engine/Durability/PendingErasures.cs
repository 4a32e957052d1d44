using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Durability;

/// <summary>
/// Erasures that have yet to reach the whole of the disk, as they are kept in a setting until they have: a crash half way must neither bring the consumer back
/// nor leave its past in the journal. Used by one thread at a time.
/// </summary>
internal sealed class PendingErasures(IStateStore store)
{
    public const string Setting = "erasures.pending";

    private const byte Version = 1;

    private readonly SortedDictionary<ulong, StartedErasure> _pending = Read(store);

    public IReadOnlyCollection<StartedErasure> All => _pending.Values;

    /// <summary>The erasure that a key waits for; null where there is none.</summary>
    public StartedErasure? Of(ulong key) => _pending.GetValueOrDefault(key);

    public void Add(StartedErasure erasure)
    {
        if (_pending.TryGetValue(erasure.Key, out StartedErasure? known) && known == erasure)
        {
            return;
        }

        _pending[erasure.Key] = erasure;
        Write();
    }

    public void Remove(StartedErasure erasure)
    {
        _pending.Remove(erasure.Key);
        Write();
    }

    private void Write()
    {
        MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(Version);
        foreach (StartedErasure erasure in _pending.Values)
        {
            writer.Write(erasure.Key);
            writer.Write(erasure.At);
            writer.Write(erasure.Position);
            writer.Write(erasure.Previous);
        }

        store.WriteSetting(Setting, bytes.ToArray(), []);
    }

    private static SortedDictionary<ulong, StartedErasure> Read(IStateStore store)
    {
        SortedDictionary<ulong, StartedErasure> pending = [];
        byte[] bytes = store.ReadSetting(Setting) ?? [Version];
        using BinaryReader reader = new(new MemoryStream(bytes, writable: false));
        if (bytes.Length % 32 != 1 || reader.ReadByte() != Version)
        {
            throw new InvalidDataException($"The setting {Setting} is damaged or of a newer version. Restore the data folder from a backup.");
        }

        while (reader.BaseStream.Position < bytes.Length)
        {
            StartedErasure erasure = new(reader.ReadUInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            pending.Add(erasure.Key, erasure);
        }

        return pending;
    }
}
