using Decisioning.Core.Catalogue;

namespace Decisioning.Engine.Catalogues;

/// <summary>Faults in one line, for messages at the start of the host.</summary>
internal static class FaultText
{
    public static string Of(IReadOnlyList<Fault> faults) => string.Join("; ", faults.Select(static f => $"\"{f.Pointer}\": {f.Detail}"));
}
