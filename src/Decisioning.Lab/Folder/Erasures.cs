using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Folder;

/// <summary>Where in the journal consumers were erased: what lies before that counts no more, scrubbed or not yet.</summary>
internal sealed class Erasures
{
    private readonly Dictionary<ulong, long> _last = [];

    /// <summary>Notes an erasure, in the order of the journal.</summary>
    public void Add(in TurnRecord record) => _last[record.Head.Consumer] = record.Position;

    /// <summary>The position of the consumer's newest erasure; 0 where there is none.</summary>
    public long Of(ulong key) => _last.GetValueOrDefault(key);

    /// <summary>Whether the record is of a life that was erased.</summary>
    public bool Cover(in TurnRecord record) => record.Position <= Of(record.Head.Consumer);
}
