namespace Decisioning.Core.Catalogue.Reading;

/// <summary>An object's members, those it copies through <c>like</c> included.</summary>
/// <param name="Node">The object itself.</param>
/// <param name="Members">Own and copied members by name.</param>
/// <param name="Complete">False where what it copies could not be found: then a member that lacks is no fault.</param>
internal sealed record ObjectView(Node Node, IReadOnlyDictionary<string, Node> Members, bool Complete)
{
    public Node? Find(string name) => Members.GetValueOrDefault(name);

    public bool Has(string name) => Members.ContainsKey(name);
}
