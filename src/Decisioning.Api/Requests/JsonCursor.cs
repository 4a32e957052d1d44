using System.Text;
using System.Text.Json;
using Decisioning.Api.Replies;
using Decisioning.Api.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Requests;

/// <summary>
/// A forward walk over a body that keeps going after a fault, so that all of them can be named at once. Each read method looks at the value the
/// cursor stands on and leaves the cursor at its last token; one that finds a fault notes it, skips the value and returns nothing.
/// A null value is the same as an absent member. Syntax errors end the walk with a <see cref="JsonException"/>.
/// </summary>
internal ref struct JsonCursor
{
    private const int LongestKnownName = 64;

    private Utf8JsonReader _json;
    private FaultPath _path;
    private List<Fault>? _faults;
    private int _faultCount;
    private string? _itemFault;
    private int _itemLevel;

    /// <param name="body">Checked by <see cref="BodyText"/>.</param>
    public JsonCursor(ReadOnlySpan<byte> body)
    {
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestBounds.Depth });
        _json.Read();
    }

    /// <summary>What the request as a whole is to be refused for; null where it is sound.</summary>
    public readonly Problem? Refusal => _faults is null ? null : Problem.Invalid(_faults, _faultCount);

    public readonly bool IsNull => _json.TokenType == JsonTokenType.Null;

    /// <summary>Reads to the end of the body, so that anything after the document is a syntax error.</summary>
    public void Finish() => _json.Read();

    /// <summary>Notes a fault at the place the cursor stands on.</summary>
    public void Fault(string code, string detail)
    {
        if (_itemLevel > 0)
        {
            string named = $"{_path.Pointer(_itemLevel - 1)}: {detail}";
            _itemFault = _itemFault is null ? named : $"{_itemFault} {named}";
            return;
        }

        AddFault(new Fault(_path.Pointer(), code, detail));
    }

    /// <summary>Notes a fault of a member of the object the cursor has just left, or of one that is not there.</summary>
    public void FaultAt(string member, string code, string detail)
    {
        _path.Enter();
        _path.At(member);
        Fault(code, detail);
        _path.Leave();
    }

    /// <summary>From here to <see cref="EndItem"/>, faults are the item's own and do not refuse the request.</summary>
    public void BeginItem()
    {
        _itemLevel = _path.Depth;
        _itemFault = null;
    }

    /// <summary>Ends an item; its faults in words, or null.</summary>
    public string? EndItem()
    {
        _itemLevel = 0;
        return _itemFault;
    }

    /// <summary>Steps into the object the cursor stands on; false, with a fault, where there is none.</summary>
    public bool EnterObject() => Enter(JsonTokenType.StartObject, "an object");

    /// <summary>Steps into the array the cursor stands on; false, with a fault, where there is none.</summary>
    public bool EnterArray() => Enter(JsonTokenType.StartArray, "an array");

    /// <summary>
    /// Steps to the value of the next known member that is not null; false at the object's end. Unknown members are skipped, and a second one of a
    /// name is a fault.
    /// </summary>
    /// <param name="members">The object's known members.</param>
    /// <param name="seen">One bit a member; 0 at the start.</param>
    /// <param name="member">In: the member before this one, −1 at the start. Out: this member.</param>
    public bool NextMember(MemberTable members, ref ulong seen, ref int member)
    {
        int expected = member + 1;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            member = FindMember(members, expected);
            _json.Read();
            if (member < 0)
            {
                _json.Skip();
                continue;
            }

            _path.At(members[member]);
            if ((seen >> member & 1) != 0)
            {
                Fault(RequestFaultCodes.DuplicateMember, $"{members[member]} is there twice.");
                _json.Skip();
                continue;
            }

            seen |= 1ul << member;
            if (!IsNull)
            {
                return true;
            }
        }

        _path.Leave();
        return false;
    }

    /// <summary>Steps to the value of the next member of an object whose names are the caller's own; false at the object's end.</summary>
    public bool NextNamed(out string name)
    {
        if (!_json.Read() || _json.TokenType == JsonTokenType.EndObject)
        {
            _path.Leave();
            name = "";
            return false;
        }

        name = _json.ValueIsEscaped ? _json.GetString()! : ShortStrings.Shared.Of(_json.ValueSpan);
        _path.At(name);
        _json.Read();
        return true;
    }

    /// <summary>Steps to the next element of an array, false at its end. Elements past the limit are one fault and are skipped.</summary>
    /// <param name="index">In: the element before this one, −1 at the start. Out: this element.</param>
    /// <param name="limit">Most elements.</param>
    public bool NextElement(ref int index, int limit)
    {
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            index++;
            if (index < limit)
            {
                _path.At(index);
                return true;
            }

            _json.Skip();
        }

        _path.Leave();
        if (index >= limit)
        {
            Fault(RequestFaultCodes.TooMany, $"There are {index + 1} elements; at most {limit} are taken.");
        }

        return false;
    }

    /// <summary>Text of 1 to <paramref name="mostBytes"/> UTF-8 bytes, null with a fault otherwise.</summary>
    /// <param name="mostBytes">The longest that is taken.</param>
    /// <param name="recurring">True for text that comes again and again and need not be allocated anew.</param>
    public string? Text(int mostBytes, bool recurring = false)
    {
        string? text = AnyText(recurring);
        if (text is null)
        {
            return null;
        }

        if (text.Length == 0)
        {
            Fault(RequestFaultCodes.Empty, "The text is empty.");
            return null;
        }

        if (text.Length > mostBytes || Encoding.UTF8.GetByteCount(text) > mostBytes)
        {
            Fault(RequestFaultCodes.TooLong, $"The text is longer than {mostBytes} bytes.");
            return null;
        }

        return text;
    }

    /// <summary>Text of any length, null with a fault where there is none.</summary>
    public string? AnyText(bool recurring = false)
    {
        if (!Is(JsonTokenType.String, "text"))
        {
            return null;
        }

        return recurring && !_json.ValueIsEscaped ? ShortStrings.Shared.Of(_json.ValueSpan) : _json.GetString();
    }

    /// <summary>Copies text as UTF-8; false where the value is not text (a fault) or does not fit (no fault: <paramref name="length"/> is −1).</summary>
    public bool CopyText(scoped Span<byte> destination, out int length)
    {
        length = 0;
        if (!Is(JsonTokenType.String, "text"))
        {
            return false;
        }

        bool fits = _json.ValueSpan.Length <= destination.Length;
        length = fits ? _json.CopyString(destination) : -1;
        return fits;
    }

    /// <summary>The position of the text among names; −1 with a fault that lists them.</summary>
    public int OneOf(MemberTable names)
    {
        Span<byte> text = stackalloc byte[LongestKnownName];
        if (CopyText(text, out int length) && names.Find(text[..length], 0) is int found and >= 0)
        {
            return found;
        }

        if (_json.TokenType == JsonTokenType.String)
        {
            Fault(RequestFaultCodes.UnknownValue, $"The value must be one of {names}.");
        }

        return -1;
    }

    public bool? Truth()
    {
        if (_json.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return _json.TokenType == JsonTokenType.True;
        }

        WrongType("true or false");
        return null;
    }

    /// <summary>A whole number within the bounds, both inclusive; null with a fault otherwise.</summary>
    public long? Whole(long least, long most)
    {
        if (!Is(JsonTokenType.Number, "a whole number"))
        {
            return null;
        }

        if (_json.TryGetInt64(out long value) && value >= least && value <= most)
        {
            return value;
        }

        Fault(RequestFaultCodes.OutOfRange, $"The value must be a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>An instant, ms since the Unix epoch; null with a fault otherwise.</summary>
    public long? Instant()
    {
        Span<byte> text = stackalloc byte[LongestKnownName];
        bool copied = CopyText(text, out int length);
        if (copied && Rfc3339.TryParse(text[..length], out long instant))
        {
            return instant;
        }

        if (copied || length < 0)
        {
            Fault(RequestFaultCodes.BadFormat, "The time must be RFC 3339 with an offset, for example 2026-11-10T20:15:00Z.");
        }

        return null;
    }

    /// <summary>An attribute's value: text, a finite number, true or false; null with a fault otherwise.</summary>
    public AttributeValue? Attribute()
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.String:
                return Text(RequestBounds.AttributeTextBytes, recurring: true) is { } text ? AttributeValue.Of(text) : null;
            case JsonTokenType.True or JsonTokenType.False:
                return AttributeValue.Of(_json.TokenType == JsonTokenType.True);
            case JsonTokenType.Number:
                if (_json.TryGetDouble(out double number) && double.IsFinite(number))
                {
                    return AttributeValue.Of(number);
                }

                Fault(RequestFaultCodes.OutOfRange, "The number is too large.");
                return null;
            default:
                WrongType("text, a number, true or false");
                return null;
        }
    }

    /// <summary>Skips the value the cursor stands on.</summary>
    public void Skip() => _json.Skip();

    /// <summary>Skips the value the cursor stands on; false where it is an empty array or object.</summary>
    public bool SkipFilled()
    {
        JsonTokenType opening = _json.TokenType;
        if (opening is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return true;
        }

        int depth = _json.CurrentDepth;
        _json.Read();
        bool filled = _json.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject);
        while (_json.CurrentDepth > depth || _json.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            _json.Read();
        }

        return filled;
    }

    private bool Enter(JsonTokenType opening, string expected)
    {
        if (!Is(opening, expected))
        {
            return false;
        }

        _path.Enter();
        return true;
    }

    private bool Is(JsonTokenType type, string expected)
    {
        if (_json.TokenType == type)
        {
            return true;
        }

        WrongType(expected);
        return false;
    }

    private void WrongType(string expected)
    {
        string found = _json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => "text",
            JsonTokenType.Number => "a number",
            JsonTokenType.Null => "null",
            _ => "true or false",
        };
        Fault(RequestFaultCodes.WrongType, $"The value must be {expected}, not {found}.");
        _json.Skip();
    }

    private readonly int FindMember(MemberTable members, int expected)
    {
        if (!_json.ValueIsEscaped)
        {
            return members.Find(_json.ValueSpan, expected);
        }

        // An escape takes at most six bytes for one.
        Span<byte> name = stackalloc byte[6 * LongestKnownName];
        return _json.ValueSpan.Length > name.Length ? -1 : members.Find(name[.._json.CopyString(name)], expected);
    }

    private void AddFault(Fault fault)
    {
        _faults ??= [];
        _faultCount++;
        if (_faults.Count < RequestBounds.FaultsListed)
        {
            _faults.Add(fault);
        }
    }
}
