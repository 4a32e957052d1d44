using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Compiles the steps of one storyline.</summary>
internal sealed class StepCompiler(
    FieldReader fields, BrandSymbols symbols, References<CreativeSnapshot> creatives, StorylineSnapshot storyline, string?[] ids)
{
    private static readonly string[] Known = ["id", "for", "after", "minIntent", "creatives", "substitute", "caps", "channels", "status", "branch"];
    private static readonly string[] KnownAfter = ["step", "on", "times"];
    private static readonly string[] KnownBranch = ["on", "to"];

    /// <summary>One step; null where the node is no object.</summary>
    public StepSnapshot? Compile(Node node, int index)
    {
        if (fields.Object(node, Known) is not { } view)
        {
            return null;
        }

        string id = Id(view, index);
        CreativeSnapshot[] shown = [.. creatives.ResolveAll(fields.SomeItems(fields.Require(view, "creatives", "a list of creatives' ids")), fields)];
        StepSnapshot step = new()
        {
            Storyline = storyline,
            Id = id,
            Symbol = symbols.Find(SymbolKind.Step, StorylineCompiler.StepName(storyline.Id, id)),
            Index = index,
            For = fields.Stages(view.Find("for")),
            MinIntent = fields.Number(view.Find("minIntent"), 0, 100),
            After = After(view.Find("after"), index),
            Channels = fields.Channels(view.Find("channels")),
            Fits = FitsOf(shown),
            Creatives = shown,
            Substitute = creatives.Resolve(view.Find("substitute"), fields),
            Caps = fields.Caps(view.Find("caps")),
            Paused = fields.IsPaused(view),
            Branches = Branches(view.Find("branch")),
        };
        if (step is { For: StageSet.Empty, After: [], MinIntent: null })
        {
            fields.Faults.Warn(node, FaultCodes.NeverOpen, "Nothing opens this step: it has neither \"for\" nor \"after\" nor \"minIntent\".");
        }

        return step;
    }

    private string Id(ObjectView view, int index)
    {
        if (fields.Require(view, "id", "the step's name in its storyline") is not { } node || !fields.IsText(node))
        {
            return "";
        }

        fields.CheckId(node, node.Text);
        if (Array.IndexOf(ids, node.Text) is int first && first < index)
        {
            fields.Faults.Add(node, FaultCodes.Repeated, $"Step {first} of this storyline is called {Quote.Of(node.Text)} already.");
        }

        return node.Text;
    }

    private StepCondition[] After(Node? node, int index)
    {
        List<StepCondition> conditions = [];
        foreach (Node item in fields.Items(node))
        {
            if (fields.Object(item, KnownAfter) is not { } view)
            {
                continue;
            }

            Node? target = fields.Require(view, "step", "an earlier step's id");
            int? step = IndexOf(target);
            EventType? on = fields.Interaction(fields.Require(view, "on", "an interaction"));
            long times = fields.Integer(view.Find("times"), 1, int.MaxValue) ?? 1;
            if (step >= index)
            {
                fields.Faults.Add(target!, FaultCodes.BadOrder, $"{Quote.Of(target!.Text)} is not an earlier step: a step opens after steps before it.");
            }
            else if (step is { } earlier && on is { } interaction)
            {
                conditions.Add(new StepCondition(earlier, interaction, (int)times));
            }
        }

        return [.. conditions];
    }

    private StepBranch[] Branches(Node? node)
    {
        List<StepBranch> branches = [];
        foreach (Node item in fields.Items(node))
        {
            if (fields.Object(item, KnownBranch) is not { } view)
            {
                continue;
            }

            EventType? on = fields.Interaction(fields.Require(view, "on", "an interaction"));
            int? to = IndexOf(fields.Require(view, "to", "a step's id"));
            if (on is { } interaction && to is { } step)
            {
                branches.Add(new StepBranch(interaction, step));
            }
        }

        if (branches.Count > 0)
        {
            fields.Faults.Warn(node!, FaultCodes.NotFollowed, "Branches are kept, and not followed for now: the furthest open step wins.");
        }

        return [.. branches];
    }

    private int? IndexOf(Node? node)
    {
        if (node is null || !fields.IsText(node))
        {
            return null;
        }

        int index = Array.IndexOf(ids, node.Text);
        if (index < 0)
        {
            string suggestion = fields.Suggestions.For(node.Text, [.. ids.OfType<string>()]);
            fields.Faults.Add(node, FaultCodes.UnknownId, $"There is no step {Quote.Of(node.Text)} in this storyline{suggestion}");
            return null;
        }

        return index;
    }

    private static FitGroup[] FitsOf(CreativeSnapshot[] creatives) =>
        [.. creatives.Where(c => !c.Paused).GroupBy(c => (c.Format, c.Size)).Select(g => new FitGroup(g.Key.Format, g.Key.Size, [.. g]))];
}
