using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Compiles one entry of <c>storylines</c>.</summary>
internal sealed class StorylineCompiler(FieldReader fields, BrandSymbols symbols, References<CreativeSnapshot> creatives)
{
    public static readonly string[] Known = ["like", "gap", "restart", "exit", "steps"];

    private static readonly string[] Restarts = ["never", "week", "month"];

    /// <summary>The names that a storyline's steps have symbols by, <c>storyline/step</c>.</summary>
    public static IEnumerable<string> StepNames(Entry entry) =>
        entry.View.Find("steps") is { Kind: NodeKind.Array } steps ? IdsOf(steps.Items).OfType<string>().Select(id => StepName(entry.Id, id)) : [];

    public StorylineSnapshot Compile(Entry entry)
    {
        ObjectView view = entry.View;
        fields.CheckMembers(view.Node, Known);
        StorylineSnapshot storyline = new()
        {
            Id = entry.Id,
            GapMs = fields.Duration(view.Find("gap"), 0, CatalogueBounds.Gap) ?? 0,
            Restart = (Restart)(fields.Choice(view.Find("restart"), Restarts) ?? 0),
            Exit = fields.AnyEvents(view.Find("exit")),
        };
        storyline.Steps = Steps(storyline, fields.Require(view, "steps", "a list of steps"));
        return storyline;
    }

    internal static string StepName(string storyline, string step) => $"{storyline}/{step}";

    private static string?[] IdsOf(IReadOnlyList<Node> nodes) =>
        [.. nodes.Select(n => n.Members.TryGetValue("id", out Node? id) && id.IsText ? id.Text : null)];

    private StepSnapshot[] Steps(StorylineSnapshot storyline, Node? node)
    {
        IReadOnlyList<Node> nodes = fields.SomeItems(node);
        if (nodes.Count > CatalogueBounds.StepsPerStoryline)
        {
            fields.Faults.Add(node!, FaultCodes.TooMany, $"At most {CatalogueBounds.StepsPerStoryline} steps a storyline; these are {nodes.Count}.");
        }

        StepCompiler compiler = new(fields, symbols, creatives, storyline, IdsOf(nodes));
        List<StepSnapshot> steps = [];
        for (int i = 0; i < nodes.Count; i++)
        {
            if (compiler.Compile(nodes[i], i) is { } step)
            {
                steps.Add(step);
            }
        }

        return [.. steps];
    }
}
