namespace Decisioning.Lab.Verify;

/// <summary>One thing that is not as it was recounted.</summary>
/// <param name="Where">The consumer, with brand where it is about one; or the campaign.</param>
/// <param name="What">What was compared and how the two differ.</param>
internal sealed record Mismatch(string Where, string What)
{
    public override string ToString() => $"{Where}: {What}";
}
