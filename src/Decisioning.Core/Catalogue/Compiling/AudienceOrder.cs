using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Puts audiences in an order in which each comes after those it refers to, and names the rings.</summary>
internal sealed class AudienceOrder
{
    private readonly Dictionary<string, List<Node>> _references;
    private readonly FaultList _faults;
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    private AudienceOrder(IReadOnlyList<Entry> entries, FaultList faults)
    {
        _faults = faults;
        _references = entries.ToDictionary(e => e.Id, e => ReferencesIn(e.View), StringComparer.Ordinal);
        foreach (Entry entry in entries)
        {
            Visit(entry.Id);
        }
    }

    /// <summary>The ids of the entries, in that order; within a ring the order is arbitrary, and a fault names it.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<Entry> entries, FaultList faults) => new AudienceOrder(entries, faults)._order;

    // Depth first, with a path of its own in place of recursion: a chain may be as long as there are audiences.
    private void Visit(string id)
    {
        OrderedDictionary<string, int> path = new(StringComparer.Ordinal);
        if (!_done.Contains(id))
        {
            path.Add(id, 0);
        }

        while (path.Count > 0)
        {
            (string current, int next) = path.GetAt(path.Count - 1);
            List<Node> references = _references[current];
            if (next == references.Count)
            {
                path.RemoveAt(path.Count - 1);
                _done.Add(current);
                _order.Add(current);
                continue;
            }

            path.SetAt(path.Count - 1, next + 1);
            Node reference = references[next];
            if (path.IndexOf(reference.Text) is >= 0 and int from)
            {
                string ring = string.Join(" → ", path.Keys.Skip(from).Append(reference.Text));
                _faults.Add(reference, FaultCodes.Cycle, $"These audiences refer to each other in a ring: {ring}.");
            }
            else if (!_done.Contains(reference.Text) && _references.ContainsKey(reference.Text))
            {
                path.Add(reference.Text, 0);
            }
        }
    }

    private static List<Node> ReferencesIn(ObjectView view)
    {
        List<Node> found = [];
        Collect(view.Members, found);
        return found;
    }

    private static void Collect(IReadOnlyDictionary<string, Node> condition, List<Node> found)
    {
        foreach ((string name, Node value) in condition)
        {
            switch (name, value.Kind)
            {
                case ("audience", NodeKind.Text):
                    found.Add(value);
                    break;
                case ("not", NodeKind.Object):
                    Collect(value.Members, found);
                    break;
                case ("all" or "any", NodeKind.Array):
                    foreach (Node part in value.Items)
                    {
                        Collect(part.Members, found);
                    }

                    break;
            }
        }
    }
}
