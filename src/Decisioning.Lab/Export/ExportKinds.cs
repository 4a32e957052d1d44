namespace Decisioning.Lab.Export;

/// <summary>What can be exported, by the name it is asked for with.</summary>
internal static class ExportKinds
{
    public static IReadOnlyDictionary<string, Func<ExportSource, IExporter>> All { get; } = new Dictionary<string, Func<ExportSource, IExporter>>
    {
        ["decisions"] = source => new DecisionExporter(source),
        ["events"] = source => new EventExporter(source),
        ["touches"] = source => new TouchExporter(source),
    };
}
