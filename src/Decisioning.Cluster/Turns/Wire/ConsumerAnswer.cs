using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Cluster.Turns.Wire;

/// <summary>What became of a call.</summary>
internal enum Outcome : byte
{
    Done = 0,

    /// <summary>The key is somebody else's: look at the next.</summary>
    Other = 1,

    /// <summary>Nobody ever was here, and the call did not mean to begin.</summary>
    Vacant = 2,

    /// <summary>Somebody was here and is erased: whoever had to make way for them may lie at a following key.</summary>
    Gap = 3,

    /// <summary>Somebody else wrote first: ask again.</summary>
    Lost = 4,

    /// <summary>The silo cannot take the work now.</summary>
    Unavailable = 5,
}

[GenerateSerializer, Immutable, Alias("decisioning.answer")]
internal class ConsumerAnswer
{
    [Id(0)]
    public Outcome Outcome { get; init; }

    /// <summary>Why it is unavailable.</summary>
    [Id(1)]
    public string? Reason { get; init; }

    /// <summary>Of the catalogue that the answer's names are from.</summary>
    [Id(2)]
    public long CatalogueVersion { get; init; }
}

/// <summary>A decision, by reference on its own silo.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.decide.answer")]
internal sealed class DecideAnswer : ConsumerAnswer
{
    [NonSerialized]
    private byte[]? _form;

    /// <summary>Null where the answer came from another silo, or nothing was done.</summary>
    [field: NonSerialized]
    public DecideReply? Reply { get; init; }

    [Id(0)]
    public byte[]? Form
    {
        get => _form ??= Reply is null ? null : ReplyForm.Write(Reply);
        set => _form = value;
    }
}

[GenerateSerializer, Immutable, Alias("decisioning.events.answer")]
internal sealed class EventsAnswer : ConsumerAnswer
{
    [NonSerialized]
    private byte[]? _form;

    /// <summary>One an event in their order; null where the answer came from another silo, or nothing was done.</summary>
    [field: NonSerialized]
    public EventResult[]? Results { get; init; }

    [Id(0)]
    public byte[]? Form
    {
        get => _form ??= Results is null ? null : EventForm.WriteResults(Results);
        set => _form = value;
    }
}

[GenerateSerializer, Immutable, Alias("decisioning.track.answer")]
internal sealed class TrackAnswer : ConsumerAnswer
{
    /// <summary>False: the decision's consumer was erased, or its brand is gone.</summary>
    [Id(0)]
    public bool Recorded { get; init; }
}

[GenerateSerializer, Immutable, Alias("decisioning.read.answer")]
internal sealed class ReadAnswer : ConsumerAnswer
{
    /// <summary>The packed state.</summary>
    [Id(0)]
    public byte[] State { get; init; } = [];

    /// <summary>The key that the consumer has.</summary>
    [Id(1)]
    public ulong Key { get; init; }
}

[GenerateSerializer, Immutable, Alias("decisioning.erase.answer")]
internal sealed class EraseAnswer : ConsumerAnswer
{
    /// <summary>Ms since the Unix epoch.</summary>
    [Id(0)]
    public long ErasedAt { get; init; }

    /// <summary>Ms since the Unix epoch.</summary>
    [Id(1)]
    public long TombstoneUntil { get; init; }

    /// <summary>Ids of the brands that had any record.</summary>
    [Id(2)]
    public string[] Brands { get; init; } = [];
}
