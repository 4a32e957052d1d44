using Decisioning.Cluster.Turns.Wire;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Cluster.Turns;

internal sealed partial class ConsumerGrain
{
    public async ValueTask<DecideAnswer> DecideAsync(DecideCall call)
    {
        try
        {
            await ReachAsync(call.CatalogueVersion);
            DecideAnswer answer = Decide(call, out LogRow? row, out bool waits);
            return !waits || await StandsAsync(row) ? answer : new DecideAnswer { Outcome = Outcome.Lost };
        }
        catch (HostUnavailableException e)
        {
            return new DecideAnswer { Outcome = Outcome.Unavailable, Reason = e.Message };
        }
    }

    public ValueTask<EventsAnswer> RecordAsync(EventsCall call) => RecordAsync(call, static (turn, e) => turn.Record(e));

    public ValueTask<EventsAnswer> ImportAsync(EventsCall call) => RecordAsync(call, static (turn, e) => turn.Import(e));

    public async ValueTask<TrackAnswer> TrackAsync(TrackCall call)
    {
        try
        {
            await ReachAsync(call.CatalogueVersion);
            TrackAnswer answer = Track(call, out LogRow? row);
            return await StandsAsync(row) ? answer : new TrackAnswer { Outcome = Outcome.Lost };
        }
        catch (HostUnavailableException e)
        {
            return new TrackAnswer { Outcome = Outcome.Unavailable, Reason = e.Message };
        }
    }

    public async ValueTask<ReadAnswer> ReadAsync(ConsumerCall call)
    {
        if (_unreadable is not null)
        {
            return new ReadAnswer { Outcome = Outcome.Unavailable, Reason = _unreadable };
        }

        if (!await StandsAsync(_last) || _lost)
        {
            return new ReadAnswer { Outcome = Outcome.Lost };
        }

        Outcome outcome = Sit(call, services.Scratch);
        return new ReadAnswer { Outcome = outcome, Key = Key, State = outcome == Outcome.Done ? Packed(_state!).ToArray() : [] };
    }

    public async ValueTask<EraseAnswer> EraseAsync(ConsumerCall call)
    {
        EraseAnswer answer = Erase(call, out LogRow? row);
        return await StandsAsync(row) ? answer : new EraseAnswer { Outcome = Outcome.Lost };
    }

    public async Task<long?> TouchAsync(long catalogueVersion)
    {
        if (!await services.Catalogue.ReachesAsync(catalogueVersion))
        {
            return null;
        }

        long due = long.MaxValue;
        return await RunAsync(turn =>
        {
            turn.Touch();
            due = turn.NextDue;
        }) ? due : null;
    }

    public async Task<bool> ReclassifyAsync(long catalogueVersion) =>
        await services.Catalogue.ReachesAsync(catalogueVersion) && await RunAsync(static turn => turn.Reclassify());

    private DecideAnswer Decide(DecideCall call, out LogRow? row, out bool waits)
    {
        (row, waits) = (null, false);
        TurnScratch scratch = services.Scratch;
        if (Decline<DecideAnswer>(call, scratch) is { } declined)
        {
            return declined;
        }

        DecideCommand command = call.Command ?? DecideForm.Read(call.Form, services.Catalogue.Current);
        Begin(scratch);
        DecideReply reply = scratch.Turn.Decide(command);
        if (!TryCommit(scratch, out row))
        {
            return new DecideAnswer { Outcome = Outcome.Lost };
        }

        waits = reply.Events is not null && Array.Exists(reply.Events, static e => e.Status != EventStatus.Rejected);
        return new DecideAnswer { Reply = reply, CatalogueVersion = services.Catalogue.Version };
    }

    private async ValueTask<EventsAnswer> RecordAsync(EventsCall call, Func<Turn, EventCommand, EventResult> record)
    {
        try
        {
            await ReachAsync(call.CatalogueVersion);
            EventsAnswer answer = Record(call, record, out LogRow? row);
            return await StandsAsync(row) ? answer : new EventsAnswer { Outcome = Outcome.Lost };
        }
        catch (HostUnavailableException e)
        {
            return new EventsAnswer { Outcome = Outcome.Unavailable, Reason = e.Message };
        }
    }

    private EventsAnswer Record(EventsCall call, Func<Turn, EventCommand, EventResult> record, out LogRow? row)
    {
        row = null;
        TurnScratch scratch = services.Scratch;
        if (Decline<EventsAnswer>(call, scratch) is { } declined)
        {
            return declined;
        }

        IReadOnlyList<EventCommand> events = call.Events ?? EventForm.Read(call.Form);
        EventResult[] results = new EventResult[events.Count];
        bool took = false;
        Begin(scratch);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = record(scratch.Turn, events[i]);
            took |= results[i].Status != EventStatus.Rejected;
        }

        if (!TryCommit(scratch, out row))
        {
            return new EventsAnswer { Outcome = Outcome.Lost };
        }

        // A duplicate is told as one only when the first of it stands in the store, so it waits as well.
        row = took ? row : null;
        return new EventsAnswer { Results = results };
    }

    private TrackAnswer Track(TrackCall call, out LogRow? row)
    {
        row = null;
        TurnScratch scratch = services.Scratch;
        if (Decline<TrackAnswer>(call, scratch) is { } declined)
        {
            return declined;
        }

        Begin(scratch);
        bool recorded = scratch.Turn.Track(call.Decision ?? EventForm.ReadDecision(call.Form), (EventType)call.Interaction);
        if (!TryCommit(scratch, out row))
        {
            return new TrackAnswer { Outcome = Outcome.Lost };
        }

        // Also where this call was a repetition: the one before may not stand in the store yet.
        row = recorded ? row : null;
        return new TrackAnswer { Recorded = recorded };
    }

    private EraseAnswer Erase(ConsumerCall call, out LogRow? row)
    {
        row = null;
        TurnScratch scratch = services.Scratch;
        if (Decline<EraseAnswer>(call, scratch) is { } declined)
        {
            return declined;
        }

        ConsumerState state = scratch.Turn.State;
        long at = Math.Max(services.Clock.Now, state.LastInstant);
        long until = at + (long)services.Options.KeepTombstones.TotalMilliseconds;
        TurnFacts.WriteErasure(state, at, scratch.Facts);
        row = services.Log.Erase(this, Key, _sequence + 1, scratch.Facts.Written, new TombstoneRow(Key, at, until));
        if (row is null)
        {
            return new EraseAnswer { Outcome = Outcome.Lost };
        }

        (_state, _sequence, _last, _erasedAt) = (null, _sequence + 1, row, at);
        _kept = _sequence;
        string[] brands = [.. ConsumerViews.Of(state, services.Catalogue.Current, at, []).Brands.Select(static b => b.Brand)];
        return new EraseAnswer { ErasedAt = at, TombstoneUntil = until, Brands = brands };
    }

    /// <summary>Loads the state of the consumer that the call means into the scratch.</summary>
    /// <returns>Null where a turn can be run on it; else what to answer.</returns>
    private TAnswer? Decline<TAnswer>(ConsumerCall call, TurnScratch scratch)
        where TAnswer : ConsumerAnswer, new()
    {
        if (Refusal() is { } refusal)
        {
            return new TAnswer { Outcome = refusal.Outcome, Reason = refusal.Reason };
        }

        Outcome outcome = Sit(call, scratch);
        return outcome == Outcome.Done ? null : new TAnswer { Outcome = outcome };
    }

    /// <summary>Runs a turn that nobody asked for, where there is a state.</summary>
    private async Task<bool> RunAsync(Action<Turn> work)
    {
        if (Refusal() is not null)
        {
            return false;
        }

        if (_state is null)
        {
            return true;
        }

        TurnScratch scratch = services.Scratch;
        Load(scratch.Turn.State);
        Begin(scratch);
        work(scratch.Turn);
        return TryCommit(scratch, out LogRow? row) && await StandsAsync(row);
    }
}
