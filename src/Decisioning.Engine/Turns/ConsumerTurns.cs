using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Turns;

/// <summary>
/// Runs the engine's turns: inline, on the caller's thread, under the gate of the consumer's shard. Only commits are waited for, and only outside.
/// </summary>
internal sealed class ConsumerTurns(
    ConsumerDoor door, Admission admission, IConsumerHash hash, ITurnLog log, ICatalogueSource live, IMarket market, HostClock clock,
    ThreadLocal<TurnScratch> scratches, ulong nonce)
{
    private readonly LookOnlyMarket _lookOnly = new(market);
    private ulong _nonce = nonce;

    /// <summary>Decides, for the consumer where one may be known. Completes at once unless events came along, which it waits for.</summary>
    public ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation)
    {
        admission.Require();
        TurnScratch scratch = scratches.Value!;
        if (command.IsContextual)
        {
            return new ValueTask<DecideReply>(DecideContextual(command, scratch));
        }

        if (!scratch.TrySetId(command.ConsumerId!))
        {
            throw new ArgumentException($"A consumer's id is 1 to {TurnScratch.MaxIdBytes} bytes.", nameof(command));
        }

        bool events = command.Events.Count > 0;
        DecideReply reply;
        long position;
        using (OpenConsumer open = door.Open(hash.Of(scratch.Id), scratch))
        {
            scratch.Turn.Begin(open.Key, clock.Now, command.Catalogue, market, open.ErasedAt, live.Current);
            reply = scratch.Turn.Decide(command);
            position = door.Commit(open, scratch, urgent: events);
        }

        return events && TookAny(reply.Events) ? WhenDurableAsync(reply, position, cancellation) : new ValueTask<DecideReply>(reply);
    }

    /// <summary>Records events, one turn a consumer, and waits until all of them are on disk.</summary>
    public ValueTask<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation) =>
        RecordAsync(events, catalogue, static (turn, e) => turn.Record(e), cancellation);

    /// <summary>Takes events of any age in as history, one turn a consumer, and waits until all of them are on disk.</summary>
    public ValueTask<EventResult[]> ImportAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation) =>
        RecordAsync(events, catalogue, static (turn, e) => turn.Import(e), cancellation);

    private ValueTask<EventResult[]> RecordAsync(
        IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, Func<Turn, EventCommand, EventResult> record, CancellationToken cancellation)
    {
        admission.Require();
        TurnScratch scratch = scratches.Value!;
        EventResult[] results = new EventResult[events.Count];
        scratch.Groups.Sort(events);
        long last = 0;
        for (int group = 0; group < scratch.Groups.Count; group++)
        {
            last = Math.Max(last, RecordGroup(events, group, catalogue, record, scratch, results));
        }

        scratch.Groups.Clear();
        return WhenDurableAsync(results, last, cancellation);
    }

    /// <summary>Records a tracker call and waits until it is on disk. False: nothing was recorded.</summary>
    public ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        admission.Require();
        TurnScratch scratch = scratches.Value!;
        ulong key;
        if (decision.ConsumerId is null)
        {
            scratch.SetMark(decision);
            key = hash.OfContextual(scratch.Id);
        }
        else if (scratch.TrySetId(decision.ConsumerId))
        {
            key = hash.Of(scratch.Id);
        }
        else
        {
            return new ValueTask<bool>(false);
        }

        bool recorded;
        long position;
        using (OpenConsumer open = door.Open(key, scratch))
        {
            scratch.Turn.Begin(open.Key, clock.Now, catalogue, market, open.ErasedAt, live.Current);
            recorded = scratch.Turn.Track(decision, interaction);
            position = door.Commit(open, scratch, urgent: true);
        }

        // Also where this call was a repetition: the one before may not be on disk yet.
        return recorded ? WhenDurableAsync(true, position, cancellation) : new ValueTask<bool>(false);
    }

    // A reply about nobody: what it held is journalled, and there is no state.
    private DecideReply DecideContextual(DecideCommand command, TurnScratch scratch)
    {
        long now = clock.Now;
        IMarket told = command.Test ? _lookOnly : market;
        DecideReply reply = scratch.Turn.DecideContextual(command, now, command.Catalogue, told, Interlocked.Increment(ref _nonce));
        if (scratch.Turn.Changed)
        {
            log.Append(new TurnHead(TurnKind.Contextual, 0, 0, now, 0), scratch.Turn.Payload, urgent: false);
        }

        return reply;
    }

    /// <returns>The position that has to be durable before the group's results may be told; 0 where nothing has to.</returns>
    private long RecordGroup(
        IReadOnlyList<EventCommand> events, int group, CatalogueSnapshot catalogue, Func<Turn, EventCommand, EventResult> record, TurnScratch scratch,
        EventResult[] results)
    {
        int index = scratch.Groups.FirstOf(group);
        if (!scratch.TrySetId(events[index].ConsumerId))
        {
            do
            {
                results[index] = RefuseId(events[index], catalogue);
            }
            while (scratch.Groups.MoveNext(ref index));

            return 0;
        }

        bool took = false;
        using OpenConsumer open = door.Open(hash.Of(scratch.Id), scratch);
        scratch.Turn.Begin(open.Key, clock.Now, catalogue, market, open.ErasedAt, live.Current);
        do
        {
            results[index] = record(scratch.Turn, events[index]);
            took |= results[index].Status != EventStatus.Rejected;
        }
        while (scratch.Groups.MoveNext(ref index));

        // A duplicate is told as one only when the first of it is on disk, so it waits as well.
        long position = door.Commit(open, scratch, urgent: true);
        return took ? position : 0;
    }

    /// <summary>What becomes of an event whose consumer's id is not one.</summary>
    internal static EventResult RefuseId(EventCommand e, CatalogueSnapshot catalogue) => EventRules.Refuse(e, catalogue) ??
        new(e.EventId, EventStatus.Rejected, EventCodes.BadId, $"A consumer's id is 1 to {TurnScratch.MaxIdBytes} bytes.");

    private static bool TookAny(EventResult[]? results)
    {
        foreach (EventResult result in results ?? [])
        {
            if (result.Status != EventStatus.Rejected)
            {
                return true;
            }
        }

        return false;
    }

    private ValueTask<T> WhenDurableAsync<T>(T result, long position, CancellationToken cancellation)
    {
        ValueTask durable = position > log.DurablePosition ? log.WhenDurableAsync(position, cancellation) : default;
        return durable.IsCompletedSuccessfully ? new ValueTask<T>(result) : WaitAsync(durable, result);
    }

    private static async ValueTask<T> WaitAsync<T>(ValueTask durable, T result)
    {
        await durable;
        return result;
    }
}
