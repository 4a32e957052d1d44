using System.Globalization;
using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Compiles <c>audiences</c>; references to other audiences are replaced by what they stand for.</summary>
internal sealed class AudienceCompiler
{
    private static readonly string[] Kinds = ["all", "any", "not", "attribute", "event", "stage", "intent", "audience"];

    private static readonly Dictionary<string, string[]> KnownByKind = new(StringComparer.Ordinal)
    {
        ["attribute"] = ["attribute", "is", "in", "from", "to"],
        ["event"] = ["event", "within", "atLeast"],
    };

    private static readonly string[] KnownBounds = ["from", "to"];

    private readonly FieldReader _fields;
    private readonly Dictionary<string, Measured> _compiled = new(StringComparer.Ordinal);
    private readonly References<Measured> _references;

    private AudienceCompiler(FieldReader fields, EntryMap map)
    {
        _fields = fields;
        _references = map.ReferencesTo(_compiled);
        Dictionary<string, Entry> entries = map.Entries.ToDictionary(e => e.Id, StringComparer.Ordinal);
        foreach (string id in AudienceOrder.Of(map.Entries, fields.Faults))
        {
            if (Condition(entries[id].View, isEntry: true) is not { } audience)
            {
                continue;
            }

            // One that is too large is left out, so that those built on it do not grow further.
            if (audience.Conditions > CatalogueBounds.AudienceConditions || audience.Depth > CatalogueBounds.AudienceDepth)
            {
                fields.Faults.Add(
                    entries[id].View.Node,
                    FaultCodes.TooMany,
                    $"With the audiences it refers to, at most {CatalogueBounds.AudienceConditions} conditions in {CatalogueBounds.AudienceDepth} levels; " +
                    $"these are {audience.Conditions} in {audience.Depth}.");
                continue;
            }

            _compiled[id] = audience;
        }
    }

    /// <summary>Every audience without a fault, by id.</summary>
    public static Dictionary<string, Audience> Compile(FieldReader fields, EntryMap map) =>
        new AudienceCompiler(fields, map)._compiled.ToDictionary(p => p.Key, p => p.Value.Audience, StringComparer.Ordinal);

    private Measured? Condition(Node node) => _fields.IsObject(node) ? Condition(new ObjectView(node, node.Members, Complete: true), isEntry: false) : null;

    private Measured? Condition(ObjectView view, bool isEntry)
    {
        string[] stated = [.. Kinds.Where(view.Has)];
        if (stated is not [string kind])
        {
            CheckMembers(view, [.. Kinds, .. KnownByKind.Values.SelectMany(k => k).Except(Kinds)], isEntry);
            if (view.Complete || stated.Length > 1)
            {
                string list = string.Join(", ", Kinds);
                string has = stated.Length == 0 ? "none" : string.Join(" and ", stated);
                _fields.Faults.Add(view.Node, FaultCodes.OneOf, $"A condition has exactly one of {list}; this one has {has}.");
            }

            return null;
        }

        CheckMembers(view, KnownByKind.GetValueOrDefault(kind) ?? [kind], isEntry);
        Node value = view.Find(kind)!;
        return kind switch
        {
            "all" => Group(value, parts => new Audience.All(parts)),
            "any" => Group(value, parts => new Audience.Any(parts)),
            "not" => Condition(value) is { } part ? new Measured(new Audience.Not(part.Audience), part.Conditions + 1, part.Depth + 1) : null,
            "audience" => _references.Resolve(value, _fields),
            "attribute" => Measured.Leaf(Attribute(view, value)),
            "event" => Measured.Leaf(Happened(view, value)),
            "stage" => Measured.Leaf(InStage(value)),
            _ => Measured.Leaf(Intent(value)),
        };
    }

    private void CheckMembers(ObjectView view, string[] known, bool isEntry)
    {
        string[] all = isEntry ? [.. known, "like"] : known;
        foreach ((string name, Node member) in view.Members)
        {
            if (!all.Contains(name))
            {
                _fields.Faults.Add(member, FaultCodes.UnknownMember, $"Unknown member {Quote.Of(name)}{_fields.Suggestions.For(name, all)}");
            }
        }
    }

    private Measured? Group(Node value, Func<Audience[], Audience> make)
    {
        Measured[] parts = [.. _fields.SomeItems(value).Select(Condition).OfType<Measured>()];
        return parts.Length == 0
            ? null
            : new Measured(make([.. parts.Select(p => p.Audience)]), 1 + parts.Sum(p => p.Conditions), 1 + parts.Max(p => p.Depth));
    }

    private Audience? Attribute(ObjectView view, Node name)
    {
        string? attribute = _fields.Text(name);
        bool between = view.Has("from") || view.Has("to");
        if ((view.Has("is") ? 1 : 0) + (view.Has("in") ? 1 : 0) + (between ? 1 : 0) != 1)
        {
            _fields.Faults.Add(view.Node, FaultCodes.OneOf, "An attribute is compared by exactly one of \"is\", \"in\" or the bounds \"from\" and \"to\".");
            return null;
        }

        if (between)
        {
            (double? from, double? to) = Bounds(view, double.MinValue, double.MaxValue);
            return attribute is null ? null : new Audience.AttributeBetween(attribute, from, to);
        }

        IReadOnlyList<Node> nodes = view.Find("is") is { } one ? [one] : _fields.SomeItems(view.Find("in"));
        AttributeValue[] values = [.. nodes.Select(Value).OfType<AttributeValue>()];
        return attribute is null ? null : new Audience.AttributeIn(attribute, values);
    }

    private AttributeValue? Value(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Text:
                return _fields.Text(node) is { } text ? AttributeValue.Of(text) : null;
            case NodeKind.Number:
                return _fields.Number(node) is { } number ? AttributeValue.Of(number) : null;
            case NodeKind.Boolean:
                return AttributeValue.Of(node.Text == "true");
            default:
                _fields.Faults.Add(node, FaultCodes.WrongType, "Must be text, a number, or true or false.");
                return null;
        }
    }

    private Audience? Happened(ObjectView view, Node type)
    {
        EventType? happened = _fields.AnyEvent(type);
        long? within = _fields.Duration(_fields.Require(view, "within", "how far back, like 30d"), Durations.Second, CatalogueBounds.AudienceWindow);
        long atLeast = _fields.Integer(view.Find("atLeast"), 1, int.MaxValue) ?? 1;
        return happened is { } known && within is { } window ? new Audience.Happened(known, window, (int)atLeast) : null;
    }

    private Audience.InStage InStage(Node value)
    {
        _fields.SomeItems(value);
        return new Audience.InStage(_fields.Stages(value));
    }

    private Audience? Intent(Node value)
    {
        if (_fields.Object(value, KnownBounds) is not { } bounds)
        {
            return null;
        }

        if (!bounds.Has("from") && !bounds.Has("to"))
        {
            _fields.Faults.Add(value, FaultCodes.OneOf, "Intent needs a bound: \"from\", \"to\" or both.");
        }

        (double? from, double? to) = Bounds(bounds, 0, 100);
        return new Audience.IntentBetween(from, to);
    }

    private (double? From, double? To) Bounds(ObjectView view, double min, double max)
    {
        double? from = _fields.Number(view.Find("from"), min, max);
        double? to = _fields.Number(view.Find("to"), min, max);
        if (from > to)
        {
            _fields.Faults.Add(view.Find("to")!, FaultCodes.BadOrder, string.Create(CultureInfo.InvariantCulture, $"\"to\" is {to}, below \"from\", {from}."));
        }

        return (from, to);
    }

    /// <summary>An audience and how large it is with all it refers to.</summary>
    private sealed record Measured(Audience Audience, long Conditions, int Depth)
    {
        public static Measured? Leaf(Audience? audience) => audience is null ? null : new Measured(audience, 1, 1);
    }
}
