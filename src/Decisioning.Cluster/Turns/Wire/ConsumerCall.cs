using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Cluster.Turns.Wire;

/// <summary>How a call may take its place at a key.</summary>
internal enum Seat : byte
{
    /// <summary>Begins the consumer's life where nobody ever was.</summary>
    First = 0,

    /// <summary>Only where the consumer is there.</summary>
    Look = 1,

    /// <summary>Begins the consumer's life where nobody is now.</summary>
    Take = 2,
}

/// <summary>What a consumer's grain is asked about whom.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.call")]
internal class ConsumerCall
{
    [Id(0)]
    public Seat Seat { get; private set; }

    /// <summary>Of the catalogue that the caller knows: the grain's silo knows it too before the turn begins.</summary>
    [Id(1)]
    public long CatalogueVersion { get; init; }

    /// <summary>Whom the caller means, 1 to 128 bytes: a consumer's id, or the mark of a contextual decision.</summary>
    [Id(2)]
    public byte[] Consumer { get; init; } = [];

    /// <summary>The same call with another way to take its place.</summary>
    public T At<T>(Seat seat)
        where T : ConsumerCall
    {
        T call = (T)MemberwiseClone();
        call.Seat = seat;
        return call;
    }
}

/// <summary>A decision to make. On its own silo the command goes by reference; its form is written where the call leaves it.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.decide.call")]
internal sealed class DecideCall : ConsumerCall
{
    [NonSerialized]
    private byte[]? _form;

    /// <summary>Null where the call came from another silo.</summary>
    [field: NonSerialized]
    public DecideCommand? Command { get; init; }

    [Id(0)]
    public byte[] Form
    {
        get => _form ??= DecideForm.Write(Command!);
        set => _form = value;
    }
}

/// <summary>Events of one consumer, by reference on their own silo.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.events.call")]
internal sealed class EventsCall : ConsumerCall
{
    [NonSerialized]
    private byte[]? _form;

    /// <summary>Null where the call came from another silo.</summary>
    [field: NonSerialized]
    public IReadOnlyList<EventCommand>? Events { get; init; }

    [Id(0)]
    public byte[] Form
    {
        get => _form ??= EventForm.Write(Events!);
        set => _form = value;
    }
}

/// <summary>A tracker call, by reference on its own silo.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.track.call")]
internal sealed class TrackCall : ConsumerCall
{
    [NonSerialized]
    private byte[]? _form;

    /// <summary>Null where the call came from another silo.</summary>
    [field: NonSerialized]
    public DecisionRef? Decision { get; init; }

    [Id(0)]
    public byte[] Form
    {
        get => _form ??= EventForm.WriteDecision(Decision!);
        set => _form = value;
    }

    [Id(1)]
    public byte Interaction { get; init; }
}
