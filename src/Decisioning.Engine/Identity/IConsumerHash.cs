namespace Decisioning.Engine.Identity;

/// <summary>Where a consumer's state is looked for first. Two ids may share a hash: the second one then lies at a following key.</summary>
internal interface IConsumerHash
{
    ulong Of(ReadOnlySpan<byte> idUtf8);

    /// <summary>Of the mark that stands for one contextual decision: apart from every consumer's.</summary>
    ulong OfContextual(ReadOnlySpan<byte> mark);
}
