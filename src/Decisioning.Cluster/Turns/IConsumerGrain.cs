using Decisioning.Cluster.Turns.Wire;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Decisioning.Cluster.Turns;

/// <summary>
/// One consumer, one turn at a time; the key is the keyed hash of its id, or a following number where that is somebody else's. Every call names the id it
/// means. What cannot be done is told by the answer's <see cref="Outcome"/>, never thrown.
/// </summary>
[Alias("decisioning.consumer")]
[Version(1)]
internal interface IConsumerGrain : IGrainWithIntegerKey
{
    /// <summary>Decides; waits for the store only where the command carries events.</summary>
    [Alias("decide")]
    ValueTask<DecideAnswer> DecideAsync([Immutable] DecideCall call);

    /// <summary>Records events in one turn; answered when they stand in the store.</summary>
    [Alias("record")]
    ValueTask<EventsAnswer> RecordAsync([Immutable] EventsCall call);

    /// <summary>Takes events of any age in as history; answered when they stand in the store.</summary>
    [Alias("import")]
    ValueTask<EventsAnswer> ImportAsync([Immutable] EventsCall call);

    /// <summary>Records a tracker call; answered when it stands in the store.</summary>
    [Alias("track")]
    ValueTask<TrackAnswer> TrackAsync([Immutable] TrackCall call);

    /// <summary>The state, once all that it contains stands in the store.</summary>
    [Alias("read")]
    ValueTask<ReadAnswer> ReadAsync([Immutable] ConsumerCall call);

    /// <summary>Erases the consumer; answered when that is done.</summary>
    [Alias("erase")]
    ValueTask<EraseAnswer> EraseAsync([Immutable] ConsumerCall call);

    /// <summary>Publishes what has fallen due, and moves the calendar entry.</summary>
    /// <param name="catalogueVersion">The store's: a silo that has not heard of it looks first, or it would take a new brand for one that is gone.</param>
    /// <returns>
    /// When something next falls due, ms since the Unix epoch, <see cref="long.MaxValue"/>: nothing will; null: it could not be done now; ask again.
    /// </returns>
    [Alias("touch")]
    Task<long?> TouchAsync(long catalogueVersion);

    /// <summary>Brings the consumer under the rules that are live. False: it could not be done now; ask again.</summary>
    [Alias("reclassify")]
    Task<bool> ReclassifyAsync([Immutable] long catalogueVersion);
}
