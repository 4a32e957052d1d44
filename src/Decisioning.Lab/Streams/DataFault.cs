namespace Decisioning.Lab.Streams;

/// <summary>One thing that is wrong with a line of a file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">In characters, from 1.</param>
public readonly record struct DataFault(string File, long Line, int Column, string Detail)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Detail}";
}
