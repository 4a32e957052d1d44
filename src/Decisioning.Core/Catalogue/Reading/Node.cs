using System.Globalization;

namespace Decisioning.Core.Catalogue.Reading;

internal enum NodeKind : byte { Object, Array, Text, Number, Boolean, Null }

/// <summary>A value of a JSON document that knows where it stands, so that a fault in it can be named.</summary>
internal sealed class Node
{
    private readonly Node? _parent;
    private readonly string? _name;
    private readonly int _index;

    /// <param name="kind">What the value is.</param>
    /// <param name="start">Offset of its first byte.</param>
    /// <param name="parent">The object or array it stands in; null for the root.</param>
    /// <param name="name">Its name in an object; null elsewhere.</param>
    /// <param name="index">Its position in an array.</param>
    public Node(NodeKind kind, int start, Node? parent, string? name, int index)
    {
        Kind = kind;
        Start = start;
        _parent = parent;
        _name = name;
        _index = index;
    }

    /// <summary>Shared by all that are no objects; stays empty.</summary>
    public static OrderedDictionary<string, Node> NoMembers { get; } = [];

    /// <summary>Shared by all that are no arrays; stays empty.</summary>
    public static List<Node> NoItems { get; } = [];

    public NodeKind Kind { get; }

    /// <summary>Offset of the first byte of the value; orders nodes as the document does.</summary>
    public int Start { get; }

    /// <summary>Offset of the first byte after the value.</summary>
    public int End { get; set; }

    /// <summary>Text unescaped, a number as written, <c>true</c> or <c>false</c>; empty for the other kinds.</summary>
    public string Text { get; init; } = "";

    /// <summary>In document order; empty unless an object.</summary>
    public OrderedDictionary<string, Node> Members { get; init; } = NoMembers;

    /// <summary>Empty unless an array.</summary>
    public List<Node> Items { get; init; } = NoItems;

    /// <summary>RFC 6901.</summary>
    public string Pointer => _parent is null ? "" : PointerTo(_parent, _name ?? _index.ToString(CultureInfo.InvariantCulture));

    public bool IsText => Kind == NodeKind.Text;

    /// <summary>The pointer to a member that need not exist.</summary>
    public static string PointerTo(Node parent, string name) =>
        $"{parent.Pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
