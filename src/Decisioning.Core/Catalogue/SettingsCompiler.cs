using Decisioning.Core.Catalogue.Compiling;
using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue;

/// <summary>What compiling settings gives: the settings, or every fault in them.</summary>
/// <param name="Settings">Null where there are faults.</param>
/// <param name="Faults">Every fault, in document order.</param>
public sealed record SettingsResult(ServerSettings? Settings, IReadOnlyList<Fault> Faults);

/// <summary>Compiles the server's settings: <c>{ "caps": [ { "max", "per" } ], "competitors": [ ["brand", "brand"] ] }</c>, both optional.</summary>
public static class SettingsCompiler
{
    private static readonly string[] Known = ["caps", "competitors"];

    /// <summary>Compiles; never throws for anything that a document can hold. The brands of a pair need not exist yet.</summary>
    public static SettingsResult Compile(ReadOnlyMemory<byte> utf8Json)
    {
        FaultList faults = new();
        FieldReader fields = new(faults);
        ServerSettings settings = ServerSettings.Default;
        if (NodeReader.Read(utf8Json.Span, faults) is { } root && fields.Object(root, Known) is { } view)
        {
            settings = new ServerSettings(fields.Caps(view.Find("caps")), Competitors(fields, view.Find("competitors")));
        }

        IReadOnlyList<Fault> found = faults.InOrder();
        return new SettingsResult(found.Count == 0 ? settings : null, found);
    }

    private static (string A, string B)[] Competitors(FieldReader fields, Node? node)
    {
        List<(string A, string B)> pairs = [];
        foreach (Node item in fields.Items(node))
        {
            IReadOnlyList<Node> ids = fields.Items(item);
            foreach (Node id in ids.Where(fields.IsText))
            {
                fields.CheckId(id, id.Text);
            }

            if (item.Kind == NodeKind.Array && (ids.Count != 2 || ids[0].Text == ids[1].Text))
            {
                fields.Faults.Add(item, FaultCodes.OneOf, "A pair names two different brands.");
            }
            else if (ids is [{ } a, { } b])
            {
                pairs.Add((a.Text, b.Text));
            }
        }

        return [.. pairs];
    }
}
