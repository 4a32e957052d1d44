namespace Decisioning.Core.Catalogue.Reading;

/// <summary>One entry of a map by id, with what it copies through <c>like</c>.</summary>
internal sealed record Entry(string Id, ObjectView View);

/// <summary>
/// A map of entries by id, where <c>like</c> copies another entry of the same map and what an entry states itself overrides the copy.
/// <c>status</c> is not copied: to pause an entry must not pause those that look like it.
/// </summary>
internal sealed class EntryMap
{
    private const string Like = "like";
    private const string Status = "status";

    private readonly FieldReader _fields;
    private readonly OrderedDictionary<string, Node> _nodes;
    private readonly Dictionary<string, ObjectView> _views = new(StringComparer.Ordinal);
    private readonly string _noun;

    /// <param name="fields">Reads and collects faults.</param>
    /// <param name="map">The map; null where the document has none.</param>
    /// <param name="noun">What an entry is called in messages.</param>
    /// <param name="plural">The same for several.</param>
    /// <param name="max">The most entries.</param>
    public EntryMap(FieldReader fields, Node? map, string noun, string plural, int max)
    {
        _fields = fields;
        _noun = noun;
        _nodes = map is not null && fields.IsObject(map) ? map.Members : Node.NoMembers;
        if (_nodes.Count > max)
        {
            fields.Faults.Add(map!, FaultCodes.TooMany, $"At most {max} {plural} a brand; these are {_nodes.Count}.");
        }

        foreach ((string id, Node node) in _nodes)
        {
            fields.CheckId(node, id);
            if (fields.IsObject(node))
            {
                Resolve(id);
            }
        }

        Entries = [.. _nodes.Keys.Where(_views.ContainsKey).Select(id => new Entry(id, _views[id]))];
    }

    /// <summary>Every id of the map, those whose entry is at fault included.</summary>
    public IReadOnlyCollection<string> Ids => _nodes.Keys;

    /// <summary>In document order.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    public References<T> ReferencesTo<T>(IReadOnlyDictionary<string, T> values)
        where T : class => new(_noun, Ids, values);

    // Walks the chain of copies down to one that is resolved or copies nothing, then builds the views on the way back.
    private void Resolve(string id)
    {
        OrderedDictionary<string, Node> chain = new(StringComparer.Ordinal);
        ObjectView? copied = null;
        bool complete = true;
        string? next = id;
        while (next is not null && !_views.TryGetValue(next, out copied))
        {
            Node node = _nodes[next];
            chain.Add(next, node);
            (next, bool found) = Target(node, chain);
            complete &= found;
        }

        for (int i = chain.Count - 1; i >= 0; i--)
        {
            (string link, Node node) = chain.GetAt(i);
            copied = new ObjectView(node, copied is null ? node.Members : Merge(copied, node), complete && (copied?.Complete ?? true));
            _views[link] = copied;
        }
    }

    /// <summary>The id that an entry copies, null where it copies none or it cannot be found; then the second is false.</summary>
    private (string? Id, bool Found) Target(Node node, OrderedDictionary<string, Node> chain)
    {
        if (!node.Members.TryGetValue(Like, out Node? like))
        {
            return (null, true);
        }

        if (!_fields.IsText(like))
        {
            return (null, false);
        }

        if (!_nodes.TryGetValue(like.Text, out Node? target))
        {
            _fields.Faults.Add(like, FaultCodes.UnknownId, $"There is no {_noun} {Quote.Of(like.Text)} to copy{_fields.Suggestions.For(like.Text, Ids)}");
            return (null, false);
        }

        int from = chain.IndexOf(like.Text);
        if (from >= 0)
        {
            string ring = string.Join(" → ", chain.Keys.Skip(from).Append(like.Text));
            _fields.Faults.Add(like, FaultCodes.Cycle, $"These copy each other in a ring: {ring}.");
            return (null, false);
        }

        return target.Kind == NodeKind.Object ? (like.Text, true) : (null, false);
    }

    private static Dictionary<string, Node> Merge(ObjectView copied, Node own)
    {
        Dictionary<string, Node> members = new(copied.Members, StringComparer.Ordinal);
        members.Remove(Like);
        members.Remove(Status);
        foreach ((string name, Node value) in own.Members)
        {
            members[name] = value;
        }

        return members;
    }
}
