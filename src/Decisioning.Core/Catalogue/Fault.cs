namespace Decisioning.Core.Catalogue;

/// <summary>One thing wrong with an input, named by JSON pointer (RFC 6901), so that a document's faults can be listed all at once.</summary>
/// <param name="Pointer">Where: <c>""</c> is the whole document, <c>/campaigns/spring/budget/total</c> a member.</param>
/// <param name="Code">A stable, machine-readable code, for example <c>unknown_member</c>.</param>
/// <param name="Detail">What is wrong and what is expected, in one sentence; names a close match where a name looks mistyped.</param>
public readonly record struct Fault(string Pointer, string Code, string Detail);
