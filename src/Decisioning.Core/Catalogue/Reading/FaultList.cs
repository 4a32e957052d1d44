namespace Decisioning.Core.Catalogue.Reading;

/// <summary>Collects faults and warnings as they are found, gives them in document order, each once.</summary>
internal sealed class FaultList
{
    private readonly List<(int Order, Fault Fault)> _faults = [];
    private readonly List<(int Order, Fault Fault)> _warnings = [];
    private readonly HashSet<Fault> _known = [];

    /// <summary>Something is wrong with a value.</summary>
    public void Add(Node at, string code, string detail) => Keep(_faults, at.Start, new Fault(at.Pointer, code, detail));

    /// <summary>An object lacks a member.</summary>
    public void AddMissing(Node owner, string name, string detail) =>
        Keep(_faults, owner.Start, new Fault(Node.PointerTo(owner, name), FaultCodes.MissingMember, detail));

    /// <summary>The document as a whole cannot be read.</summary>
    public void AddUnreadable(string code, string detail) => Keep(_faults, 0, new Fault("", code, detail));

    /// <summary>A value is accepted, but not applied as written.</summary>
    public void Warn(Node at, string code, string detail) => Keep(_warnings, at.Start, new Fault(at.Pointer, code, detail));

    /// <summary>A member was left out, and what stands for it deserves a word.</summary>
    public void WarnMissing(Node owner, string name, string code, string detail) =>
        Keep(_warnings, owner.Start, new Fault(Node.PointerTo(owner, name), code, detail));

    public IReadOnlyList<Fault> InOrder() => Sorted(_faults);

    public IReadOnlyList<Fault> WarningsInOrder() => Sorted(_warnings);

    private static Fault[] Sorted(List<(int Order, Fault Fault)> list) => [.. list.OrderBy(f => f.Order).Select(f => f.Fault)];

    // A value that several entries share through `like` is read once for each of them: what is wrong with it is said once.
    private void Keep(List<(int Order, Fault Fault)> list, int order, Fault fault)
    {
        if (_known.Add(fault))
        {
            list.Add((order, fault));
        }
    }
}
