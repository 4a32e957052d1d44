using System.Collections.Frozen;

namespace Decisioning.Core.Catalogue.Reading;

/// <summary>Reads the words of the domain: stages, interactions, event types, channels, countries.</summary>
internal static class VocabularyFields
{
    private static readonly string[] Interactions =
    [
        .. ((EventType[])[EventType.Impression, EventType.Viewable, EventType.Watched, EventType.Skip, EventType.Click, EventType.Engage]).Select(Names.Of),
    ];

    private static readonly Dictionary<string, StageSet> StagesByName = Enum.GetNames<StageSet>()
        .ToDictionary(n => n.ToLowerInvariant(), Enum.Parse<StageSet>, StringComparer.Ordinal);

    private static readonly string[] StageNames = [.. Names.AllStages.Union(Names.AllDeeplinkStages)];

    /// <summary>The interactions that a viewer has with a creative, by name.</summary>
    public static IReadOnlyList<string> InteractionNames => Interactions;

    /// <summary>A list of AIPL and DEEPLINK names as the fine stages they stand for.</summary>
    public static StageSet Stages(this FieldReader fields, Node? node)
    {
        StageSet stages = StageSet.Empty;
        foreach (Node item in fields.Items(node))
        {
            if (fields.Choice(item, StageNames) is { } name)
            {
                stages |= StagesByName[StageNames[name]];
            }
        }

        return stages;
    }

    public static EventType? Interaction(this FieldReader fields, Node? node) =>
        fields.Choice(node, Interactions) is { } index && Names.TryParse(Interactions[index], out EventType type) ? type : null;

    public static EventType? AnyEvent(this FieldReader fields, Node? node) => (EventType?)fields.Choice(node, Names.AllEventTypes);

    public static EventTypeSet AnyEvents(this FieldReader fields, Node? node)
    {
        EventTypeSet types = default;
        foreach (Node item in fields.Items(node))
        {
            if (fields.AnyEvent(item) is { } type)
            {
                types = types.With(type);
            }
        }

        return types;
    }

    public static FrozenSet<string> Channels(this FieldReader fields, Node? node) =>
        fields.Items(node).Select(fields.Text).OfType<string>().ToFrozenSet(StringComparer.Ordinal);

    public static FrozenSet<string> Countries(this FieldReader fields, Node? node) =>
        fields.Items(node).Select(fields.Country).OfType<string>().ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the text is so many capital letters A to Z.</summary>
    public static bool IsCapitals(string text, int length) => text.Length == length && !text.AsSpan().ContainsAnyExceptInRange('A', 'Z');

    private static string? Country(this FieldReader fields, Node node)
    {
        if (!fields.IsText(node))
        {
            return null;
        }

        if (!IsCapitals(node.Text, 2))
        {
            fields.Faults.Add(node, FaultCodes.BadCountry, $"{Quote.Of(node.Text)} is no country: write two capital letters, like CN.");
            return null;
        }

        return node.Text;
    }
}
