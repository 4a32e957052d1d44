using Decisioning.Cluster.Money;
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
    /// <summary>Times that an outcome's turn is dropped because its money is not here, and run again when some was lent.</summary>
    private const int MostClaims = 3;

    /// <summary>Runs a call's turn on the thread's scratch.</summary>
    private delegate TAnswer Run<TCall, TAnswer>(ConsumerGrain grain, TCall call, ref TurnEnd end);

    public ValueTask<DecideAnswer> DecideAsync(DecideCall call) =>
        AnswerAsync(call, static (ConsumerGrain grain, DecideCall call, ref TurnEnd end) => grain.Decide(call, ref end));

    public ValueTask<EventsAnswer> RecordAsync(EventsCall call) => AnswerAsync(
        call, static (ConsumerGrain grain, EventsCall call, ref TurnEnd end) => grain.Record(call, static (turn, e) => turn.Record(e), ref end));

    public ValueTask<EventsAnswer> ImportAsync(EventsCall call) => AnswerAsync(
        call, static (ConsumerGrain grain, EventsCall call, ref TurnEnd end) => grain.Record(call, static (turn, e) => turn.Import(e), ref end));

    public ValueTask<TrackAnswer> TrackAsync(TrackCall call) =>
        AnswerAsync(call, static (ConsumerGrain grain, TrackCall call, ref TurnEnd end) => grain.Track(call, ref end));

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

        lock (Gate)
        {
            Outcome outcome = Sit(call, services.Scratch);
            return new ReadAnswer { Outcome = outcome, Key = Key, State = outcome == Outcome.Done ? Packed(_state!).ToArray() : [] };
        }
    }

    public async ValueTask<EraseAnswer> EraseAsync(ConsumerCall call)
    {
        EraseAnswer answer;
        LogRow? row;
        lock (Gate)
        {
            answer = Erase(call, out row);
        }

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

    /// <summary>Runs a turn under a catalogue at least as new as the caller's, and answers once what it must wait for stands in the store.</summary>
    private async ValueTask<TAnswer> AnswerAsync<TCall, TAnswer>(TCall call, Run<TCall, TAnswer> run)
        where TCall : ConsumerCall
        where TAnswer : ConsumerAnswer, new()
    {
        try
        {
            await ReachAsync(call.CatalogueVersion);
            TurnEnd end = new() { MayClaim = true };
            for (int claims = 1; ; claims++)
            {
                TAnswer answer;
                lock (Gate)
                {
                    answer = run(this, call, ref end);
                }

                if (end.Claim is not { } claim)
                {
                    return await StandsAsync(end.Row) ? answer : new TAnswer { Outcome = Outcome.Lost };
                }

                end = new TurnEnd { MayClaim = await services.Loans.FetchAsync(claim) && claims < MostClaims };
            }
        }
        catch (HostUnavailableException e)
        {
            return new TAnswer { Outcome = Outcome.Unavailable, Reason = e.Message };
        }
    }

    private DecideAnswer Decide(DecideCall call, ref TurnEnd end)
    {
        TurnScratch scratch = services.Scratch;
        if (Decline<DecideAnswer>(call, scratch) is { } declined)
        {
            return declined;
        }

        DecideCommand command = call.Command ?? DecideForm.Read(call.Form, services.Catalogue.Current);
        Begin(scratch);
        DecideReply reply = scratch.Turn.Decide(command);
        if (!TryCommit(scratch, out LogRow? row))
        {
            return new DecideAnswer { Outcome = Outcome.Lost };
        }

        end.Row = reply.Events is not null && Array.Exists(reply.Events, static e => e.Status != EventStatus.Rejected) ? row : null;
        return new DecideAnswer { Reply = reply, CatalogueVersion = services.Catalogue.Version };
    }

    private EventsAnswer Record(EventsCall call, Func<Turn, EventCommand, EventResult> record, ref TurnEnd end)
    {
        TurnScratch scratch = services.Scratch;
        if (Decline<EventsAnswer>(call, scratch) is { } declined)
        {
            return declined;
        }

        IReadOnlyList<EventCommand> events = call.Events ?? EventForm.Read(call.Form);
        EventResult[] results = new EventResult[events.Count];
        bool took = false;
        OutcomeMarket? outcomes = BeginOutcomes(scratch, end.MayClaim);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = record(scratch.Turn, events[i]);
            took |= results[i].Status != EventStatus.Rejected;
        }

        if ((end.Claim = outcomes?.End()) is not null)
        {
            return new EventsAnswer();
        }

        if (!TryCommit(scratch, out LogRow? row))
        {
            return new EventsAnswer { Outcome = Outcome.Lost };
        }

        // A duplicate is told as one only when the first of it stands in the store, so it waits as well.
        end.Row = took ? row : null;
        return new EventsAnswer { Results = results };
    }

    private TrackAnswer Track(TrackCall call, ref TurnEnd end)
    {
        TurnScratch scratch = services.Scratch;
        if (Decline<TrackAnswer>(call, scratch) is { } declined)
        {
            return declined;
        }

        OutcomeMarket? outcomes = BeginOutcomes(scratch, end.MayClaim);
        bool recorded = scratch.Turn.Track(call.Decision ?? EventForm.ReadDecision(call.Form), (EventType)call.Interaction);
        if ((end.Claim = outcomes?.End()) is not null)
        {
            return new TrackAnswer();
        }

        if (!TryCommit(scratch, out LogRow? row))
        {
            return new TrackAnswer { Outcome = Outcome.Lost };
        }

        // Also where this call was a repetition: the one before may not stand in the store yet.
        end.Row = recorded ? row : null;
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
        LogRow? row;
        lock (Gate)
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
            if (!TryCommit(scratch, out row))
            {
                return false;
            }
        }

        return await StandsAsync(row);
    }

    /// <summary>How a turn of a call ended.</summary>
    private struct TurnEnd
    {
        /// <summary>Whether it may be dropped for want of money.</summary>
        public bool MayClaim { get; init; }

        /// <summary>What must stand in the store before the call is answered; null: nothing.</summary>
        public LogRow? Row { get; set; }

        /// <summary>What this silo had no money for: the turn was dropped.</summary>
        public OutcomeClaim? Claim { get; set; }
    }
}
