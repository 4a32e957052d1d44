using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Decisioning.Cluster.Desk;

/// <summary>Where clients of the cluster come in: on the silo that they are connected to. They need neither the catalogue nor the cluster's secret.</summary>
[Alias("decisioning.desk")]
[Version(1)]
internal interface IDeskGrain : IGrainWithIntegerKey
{
    /// <param name="form">A <see cref="Turns.Wire.DecideForm"/>.</param>
    /// <param name="brands">Ids of the brands that may answer; empty: all.</param>
    [Alias("decide")]
    Task<DeskAnswer> DecideAsync([Immutable] byte[] form, [Immutable] string[] brands);

    /// <param name="form">A <see cref="Turns.Wire.EventForm"/>.</param>
    [Alias("record")]
    Task<DeskAnswer> RecordAsync([Immutable] byte[] form);

    /// <param name="form">A decision's <see cref="Turns.Wire.EventForm"/>.</param>
    [Alias("track")]
    Task<DeskAnswer> TrackAsync([Immutable] byte[] form, byte interaction);
}

[GenerateSerializer, Immutable, Alias("decisioning.desk.answer")]
internal sealed class DeskAnswer
{
    /// <summary>Empty where it could not be done.</summary>
    [Id(0)]
    public byte[] Form { get; init; } = [];

    /// <summary>Why it could not be done now.</summary>
    [Id(1)]
    public string? Unavailable { get; init; }
}
