using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Compiles <c>caps</c>: <c>[ { "max": 3, "per": "1d" } ]</c>, where <c>per</c> is a rolling window or <c>lifetime</c>.</summary>
internal static class CapsCompiler
{
    private const string Lifetime = "lifetime";

    private static readonly string[] Known = ["max", "per"];

    public static CapRule[] Caps(this FieldReader fields, Node? node)
    {
        List<CapRule> caps = [];
        foreach (Node item in fields.Items(node))
        {
            if (fields.Object(item, Known) is not { } cap)
            {
                continue;
            }

            long? max = fields.Integer(fields.Require(cap, "max", "how many at most"), 1, int.MaxValue);
            Node? per = fields.Require(cap, "per", "a duration or \"lifetime\"");
            long? window = per is { IsText: true, Text: Lifetime } ? CapRule.Lifetime : fields.Duration(per, Durations.Second, CatalogueBounds.CapWindow);
            if (max is { } most && window is { } length)
            {
                caps.Add(new CapRule((int)most, length));
            }
        }

        return [.. caps];
    }
}
