using System.Text.Json;

namespace Decisioning.Api.Replies.Pulse;

/// <summary>Where the entries of one list lie in a written pulse.</summary>
internal sealed class EntryMarks
{
    private readonly List<(string Key, int Start, int End)> _entries = [];
    private Dictionary<string, int>? _byKey;

    public int Count => _entries.Count;

    public (string Key, int Start, int End) this[int index] => _entries[index];

    /// <summary>Bytes written so far.</summary>
    public static int At(Utf8JsonWriter json) => (int)(json.BytesCommitted + json.BytesPending);

    public void Begin(string key, Utf8JsonWriter json) => _entries.Add((key, At(json), 0));

    public void End(Utf8JsonWriter json) => _entries[^1] = _entries[^1] with { End = At(json) };

    /// <summary>The position of an entry, −1 where there is none of that key.</summary>
    /// <param name="hint">Where it is looked for first: lists mostly keep their order.</param>
    public int Find(string key, int hint)
    {
        if (hint < _entries.Count && _entries[hint].Key == key)
        {
            return hint;
        }

        _byKey ??= _entries.Select((entry, index) => (entry.Key, index)).ToDictionary(e => e.Key, e => e.index, StringComparer.Ordinal);
        return _byKey.GetValueOrDefault(key, -1);
    }
}
