using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Decisioning.Core.Catalogue.Reading;

/// <summary>Turns UTF-8 JSON into nodes. What is not JSON at all is one fault with its place; repeated members are faults of their own.</summary>
internal ref struct NodeReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly FaultList _faults;
    private readonly List<(Node Value, string Name)> _repeated = [];
    private Utf8JsonReader _reader;
    private bool _tooDeep;

    private NodeReader(ReadOnlySpan<byte> json, FaultList faults)
    {
        _json = json;
        _faults = faults;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = CatalogueBounds.JsonDepth + 1 });
    }

    /// <summary>The document's root, null where it cannot be read; then the list has one more fault.</summary>
    public static Node? Read(ReadOnlySpan<byte> json, FaultList faults)
    {
        int bad = FirstInvalidByte(json);
        if (bad >= 0)
        {
            faults.AddUnreadable(FaultCodes.InvalidUtf8, $"Not UTF-8 {PlaceOf(json, bad)}.");
            return null;
        }

        NodeReader reader = new(json, faults);
        return reader.ReadDocument();
    }

    private Node? ReadDocument()
    {
        try
        {
            _reader.Read();
            Node root = NewNode(parent: null, name: null, index: 0);
            Fill(root, depth: 1);
            if (_tooDeep)
            {
                _faults.AddUnreadable(
                    FaultCodes.TooDeep, $"Nested more than {CatalogueBounds.JsonDepth} levels deep {PlaceOf(_json, (int)_reader.TokenStartIndex)}.");
                return null;
            }

            _reader.Read();
            foreach ((Node value, string name) in _repeated)
            {
                _faults.Add(value, FaultCodes.DuplicateMember, $"{Quote.Of(name)} is given more than once in this object.");
            }

            return root;
        }
        catch (JsonException e)
        {
            string reason = e.Message.Split(" LineNumber:", 2)[0];
            _faults.AddUnreadable(FaultCodes.MalformedJson, $"Not JSON at line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: {reason}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that a string's escapes do not make up text: half a surrogate pair.
            _faults.AddUnreadable(FaultCodes.MalformedJson, $"Half a surrogate pair in the string {PlaceOf(_json, (int)_reader.TokenStartIndex)}.");
            return null;
        }
    }

    private void Fill(Node node, int depth)
    {
        if (node.Kind is NodeKind.Object or NodeKind.Array)
        {
            _tooDeep |= depth > CatalogueBounds.JsonDepth;
            if (!_tooDeep)
            {
                if (node.Kind == NodeKind.Object)
                {
                    FillMembers(node, depth);
                }
                else
                {
                    FillItems(node, depth);
                }
            }
        }

        node.End = (int)_reader.BytesConsumed;
    }

    private void FillMembers(Node node, int depth)
    {
        while (!_tooDeep && _reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            string name = _reader.GetString()!;
            _reader.Read();
            Node value = NewNode(node, name, index: 0);
            Fill(value, depth + 1);
            if (!node.Members.TryAdd(name, value))
            {
                _repeated.Add((value, name));
            }
        }
    }

    private void FillItems(Node node, int depth)
    {
        while (!_tooDeep && _reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            Node item = NewNode(node, name: null, node.Items.Count);
            Fill(item, depth + 1);
            node.Items.Add(item);
        }
    }

    private readonly Node NewNode(Node? parent, string? name, int index) => new(KindOf(_reader.TokenType), (int)_reader.TokenStartIndex, parent, name, index)
    {
        Text = ScalarText(),
        Members = _reader.TokenType == JsonTokenType.StartObject ? new OrderedDictionary<string, Node>(StringComparer.Ordinal) : Node.NoMembers,
        Items = _reader.TokenType == JsonTokenType.StartArray ? [] : Node.NoItems,
    };

    private readonly string ScalarText() => _reader.TokenType switch
    {
        JsonTokenType.String => _reader.GetString()!,
        JsonTokenType.Number => Encoding.ASCII.GetString(_reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => "",
    };

    private static NodeKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => NodeKind.Object,
        JsonTokenType.StartArray => NodeKind.Array,
        JsonTokenType.String => NodeKind.Text,
        JsonTokenType.Number => NodeKind.Number,
        JsonTokenType.True or JsonTokenType.False => NodeKind.Boolean,
        _ => NodeKind.Null,
    };

    private static int FirstInvalidByte(ReadOnlySpan<byte> json)
    {
        if (Utf8.IsValid(json))
        {
            return -1;
        }

        int at = 0;
        while (Rune.DecodeFromUtf8(json[at..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static string PlaceOf(ReadOnlySpan<byte> json, int at)
    {
        int line = json[..at].Count((byte)'\n') + 1;
        return $"at line {line}, position {at - json[..at].LastIndexOf((byte)'\n')}";
    }
}
