namespace Decisioning.Core.Catalogue.Reading;

/// <summary>The entries of one map that others refer to by id.</summary>
/// <param name="noun">What an entry is called in messages.</param>
/// <param name="declared">Every id of the map, those whose entry is at fault included, so that one fault does not show as two.</param>
/// <param name="values">The entries that were compiled.</param>
internal sealed class References<T>(string noun, IReadOnlyCollection<string> declared, IReadOnlyDictionary<string, T> values)
    where T : class
{
    private readonly HashSet<string> _declared = new(declared, StringComparer.Ordinal);

    /// <summary>The entry that a text node names; null where it is not there or at fault itself.</summary>
    public T? Resolve(Node? node, FieldReader fields)
    {
        if (node is null || !fields.IsText(node))
        {
            return null;
        }

        if (!_declared.Contains(node.Text))
        {
            fields.Faults.Add(node, FaultCodes.UnknownId, $"There is no {noun} {Quote.Of(node.Text)}{fields.Suggestions.For(node.Text, declared)}");
        }

        return values.GetValueOrDefault(node.Text);
    }

    /// <summary>The entries that a list of text nodes names, in its order; one named twice is a fault.</summary>
    public List<T> ResolveAll(IReadOnlyList<Node> nodes, FieldReader fields)
    {
        List<T> found = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Node node in nodes)
        {
            T? value = Resolve(node, fields);
            if (node.IsText && !seen.Add(node.Text))
            {
                fields.Faults.Add(node, FaultCodes.Repeated, $"{Quote.Of(node.Text)} is in this list already.");
            }
            else if (value is not null)
            {
                found.Add(value);
            }
        }

        return found;
    }
}
