namespace Decisioning.Benchmarks.Reporting;

/// <summary>What a figure must reach.</summary>
/// <param name="AtMost">True where less is better.</param>
/// <param name="Bound">The worst that is good enough; met exactly is met.</param>
internal readonly record struct Target(bool AtMost, double Bound)
{
    public static Target Below(double bound) => new(true, bound);

    public static Target AtLeast(double bound) => new(false, bound);

    public bool IsMetBy(double value) => AtMost ? value <= Bound : value >= Bound;
}

/// <summary>One measured figure.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">In <paramref name="Unit"/>.</param>
/// <param name="Target">Null where the figure only explains others.</param>
internal sealed record Figure(string Name, double Value, string Unit, Target? Target = null)
{
    /// <summary>False only where there is a target and it is missed.</summary>
    public bool IsMet => Target is not { } target || target.IsMetBy(Value);
}
