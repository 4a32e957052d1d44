using System.Globalization;
using System.Text;

namespace Decisioning.Core.Catalogue.Reading;

/// <summary>
/// Reads values by type and bound. Every method takes null for a member that is not there, and gives null for that and for a value it put on the
/// fault list, so that a compiler goes on with a default and finds the next fault.
/// </summary>
internal sealed class FieldReader(FaultList faults)
{
    private static readonly string[] Statuses = ["active", "paused"];

    public FaultList Faults { get; } = faults;

    public Suggestions Suggestions { get; } = new();

    /// <summary>Whether the node is an object; a fault where it is not.</summary>
    public bool IsObject(Node node) => IsKind(node, NodeKind.Object, "an object");

    /// <summary>An object with no members but the known ones.</summary>
    public ObjectView? Object(Node? node, IReadOnlyCollection<string> known)
    {
        if (node is null || !IsObject(node))
        {
            return null;
        }

        CheckMembers(node, known);
        return new ObjectView(node, node.Members, Complete: true);
    }

    /// <summary>Names every member that is not known.</summary>
    public void CheckMembers(Node node, IReadOnlyCollection<string> known)
    {
        foreach ((string name, Node member) in node.Members)
        {
            if (!known.Contains(name))
            {
                Faults.Add(member, FaultCodes.UnknownMember, $"Unknown member {Quote.Of(name)}{Suggestions.For(name, known)}");
            }
        }
    }

    /// <summary>A member that must be there.</summary>
    public Node? Require(ObjectView owner, string name, string what)
    {
        Node? node = owner.Find(name);
        if (node is null && owner.Complete)
        {
            Faults.AddMissing(owner.Node, name, $"{Quote.Of(name)} is required: {what}.");
        }

        return node;
    }

    public void CheckId(Node at, string id)
    {
        if (!Ids.IsValid(id))
        {
            Faults.Add(at, FaultCodes.BadId, $"{Quote.Of(id)} is no id: an id has {Ids.Rule}.");
        }
    }

    /// <summary>Text of 1 to <see cref="CatalogueBounds.TextBytes"/> bytes in UTF-8, without control characters.</summary>
    public string? Text(Node? node)
    {
        if (node is null || !IsText(node))
        {
            return null;
        }

        if (node.Text.Length == 0 || Encoding.UTF8.GetByteCount(node.Text) > CatalogueBounds.TextBytes || node.Text.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            Faults.Add(node, FaultCodes.BadText, $"Must be 1 to {CatalogueBounds.TextBytes} bytes of text without control characters.");
            return null;
        }

        return node.Text;
    }

    public bool? Flag(Node? node) => node is null || !IsKind(node, NodeKind.Boolean, "true or false") ? null : node.Text == "true";

    /// <summary>A finite number within the bounds, both inclusive.</summary>
    public double? Number(Node? node, double min, double max) =>
        Number(node) is { } value && InRange(node!, value >= min && value <= max, RangeText(min, max)) ? value : null;

    /// <summary>A finite number above 0.</summary>
    public double? Positive(Node? node) => Number(node) is { } value && InRange(node!, value > 0, "above 0") ? value : null;

    /// <summary>Any finite number.</summary>
    public double? Number(Node? node)
    {
        if (node is null || !IsKind(node, NodeKind.Number, "a number"))
        {
            return null;
        }

        double value = double.Parse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return InRange(node, double.IsFinite(value), "a number that a double can hold") ? value : null;
    }

    /// <summary>A whole number, written without point or exponent, within the bounds, both inclusive.</summary>
    public long? Integer(Node? node, long min, long max)
    {
        if (node is null || !IsKind(node, NodeKind.Number, "a whole number"))
        {
            return null;
        }

        if (node.Text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            Faults.Add(node, FaultCodes.WrongType, $"Must be a whole number, not {node.Text}.");
            return null;
        }

        bool small = long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value);
        return InRange(node, small && value >= min && value <= max, RangeText(min, max)) ? value : null;
    }

    /// <summary>A duration in milliseconds, within the bounds, both inclusive.</summary>
    public long? Duration(Node? node, long min, long max)
    {
        if (node is null || !IsText(node))
        {
            return null;
        }

        if (!Durations.TryParse(node.Text, out long value))
        {
            Faults.Add(
                node, FaultCodes.BadDuration, $"{Quote.Of(node.Text)} is no duration: write a whole number and one of s, m, h, d, like 30s, 15m, 4h, 15d.");
            return null;
        }

        return InRange(node, value >= min && value <= max, $"between {Durations.Format(min)} and {Durations.Format(max)}") ? value : null;
    }

    /// <summary>An amount in micros.</summary>
    public long? Amount(Node? node)
    {
        if (node is null || !IsKind(node, NodeKind.Text, "money as a decimal string, like \"30.00\""))
        {
            return null;
        }

        MoneyReading reading = Money.Parse(node.Text, out long micros);
        (string code, string detail) = reading switch
        {
            MoneyReading.Negative => (FaultCodes.OutOfRange, "must be 0 or more"),
            MoneyReading.TooLarge => (FaultCodes.OutOfRange, $"must be at most {Money.MaxMicros / Money.MicrosPerUnit}"),
            MoneyReading.TooPrecise => (FaultCodes.BadMoney, "has more than six decimals"),
            _ => (FaultCodes.BadMoney, "is no amount: write digits and at most one point, like \"30.00\""),
        };
        if (reading != MoneyReading.Good)
        {
            Faults.Add(node, code, $"{Quote.Of(node.Text)} {detail}.");
            return null;
        }

        return micros;
    }

    /// <summary>A calendar date.</summary>
    public DateOnly? Date(Node? node)
    {
        if (node is null || !IsText(node))
        {
            return null;
        }

        if (!DateOnly.TryParseExact(node.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
        {
            Faults.Add(node, FaultCodes.BadDate, $"{Quote.Of(node.Text)} is no date: write year, month and day, like 2026-11-01.");
            return null;
        }

        return date;
    }

    /// <summary>The position of the value in a list of names.</summary>
    public int? Choice(Node? node, IReadOnlyList<string> names)
    {
        if (node is null || !IsText(node))
        {
            return null;
        }

        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == node.Text)
            {
                return i;
            }
        }

        Faults.Add(node, FaultCodes.UnknownValue, $"{Quote.Of(node.Text)} is not known here{Suggestions.For(node.Text, names)}");
        return null;
    }

    /// <summary>Whether a <c>status</c> says paused; active by default.</summary>
    public bool IsPaused(ObjectView owner) => Choice(owner.Find("status"), Statuses) == 1;

    /// <summary>The items of an array, none where it is not there.</summary>
    public IReadOnlyList<Node> Items(Node? node) => node is null || !IsKind(node, NodeKind.Array, "a list") ? [] : node.Items;

    /// <summary>The items of an array that must have some.</summary>
    public IReadOnlyList<Node> SomeItems(Node? node)
    {
        if (node is { Kind: NodeKind.Array, Items.Count: 0 })
        {
            Faults.Add(node, FaultCodes.EmptyList, "Must have at least one item.");
        }

        return Items(node);
    }

    /// <summary>Whether the node is text; a fault where it is not.</summary>
    public bool IsText(Node node) => IsKind(node, NodeKind.Text, "text");

    private bool IsKind(Node node, NodeKind kind, string expected)
    {
        if (node.Kind != kind)
        {
            Faults.Add(node, FaultCodes.WrongType, $"Must be {expected}, not {NameOf(node.Kind)}.");
        }

        return node.Kind == kind;
    }

    private bool InRange(Node node, bool within, string range)
    {
        if (!within)
        {
            Faults.Add(node, FaultCodes.OutOfRange, $"{(node.IsText ? Quote.Of(node.Text) : node.Text)} is out of range: must be {range}.");
        }

        return within;
    }

    private static string RangeText(double min, double max) => max switch
    {
        double.MaxValue or long.MaxValue => string.Create(CultureInfo.InvariantCulture, $"{min} or more"),
        _ => string.Create(CultureInfo.InvariantCulture, $"between {min} and {max}"),
    };

    private static string NameOf(NodeKind kind) => kind switch
    {
        NodeKind.Object => "an object",
        NodeKind.Array => "a list",
        NodeKind.Text => "text",
        NodeKind.Number => "a number",
        NodeKind.Boolean => "true or false",
        _ => "null",
    };
}
