using System.Runtime.CompilerServices;
using System.Text;
using Decisioning.Cluster.Catalogue;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Turns;
using Decisioning.Cluster.Turns.Wire;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Turns;

namespace Decisioning.Cluster;

/// <summary>
/// The engine across the cluster, as one silo sees it: every consumer's turn runs in its grain, wherever that is. Safe for any number of threads.
/// </summary>
public sealed partial class ClusterHost : IDecisionHost
{
    private readonly ConsumerServices _services;
    private readonly IClusterStore _store;
    private readonly ClusterSecret _secret;
    private readonly ICatalogueGrain _catalogue;
    private readonly CatalogueSpread _spread;
    private readonly ConsumerDesk _desk;
    private readonly LookOnlyMarket _lookOnly;
    private KeyedConsumerHash? _hash;
    private ulong _nonce;

    internal ClusterHost(ConsumerServices services, IClusterStore store, ClusterSecret secret, IGrainFactory grains, CatalogueSpread spread)
    {
        _services = services;
        _store = store;
        _secret = secret;
        _catalogue = grains.GetGrain<ICatalogueGrain>(0);
        _spread = spread;
        _desk = new ConsumerDesk(grains, services.Near, services.Clock.Time);
        _lookOnly = new LookOnlyMarket(services.Market);
    }

    public long Now => _services.Clock.Now;

    public CatalogueSnapshot Catalogue => _services.Catalogue.Current;

    public HostHealth Health =>
        (_services.Log.Refusal() ?? _services.Catalogue.Refusal()) is { } reason ? new HostHealth(false, reason) : new HostHealth(true, null);

    public ValueTask<DecideReply> DecideAsync(DecideCommand command, CancellationToken cancellation)
    {
        RequireReady();
        if (command.IsContextual)
        {
            return new ValueTask<DecideReply>(DecideContextual(command));
        }

        DecideCall call = new() { Command = command, Consumer = IdOf(command.ConsumerId), CatalogueVersion = _services.Catalogue.Version };
        return DecideAsync(call, cancellation);
    }

    public ValueTask<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation) =>
        RecordAsync(events, static (grain, call) => grain.RecordAsync(call), cancellation);

    /// <summary>Takes in history of any age, one turn a consumer; durable when answered, one result an event in their order.</summary>
    public ValueTask<EventResult[]> ImportAsync(IReadOnlyList<EventCommand> events, CatalogueSnapshot catalogue, CancellationToken cancellation) =>
        RecordAsync(events, static (grain, call) => grain.ImportAsync(call), cancellation);

    public async ValueTask<bool> TrackAsync(DecisionRef decision, EventType interaction, CancellationToken cancellation)
    {
        RequireReady();
        if (PlaceOf(decision) is not var (hash, id))
        {
            return false;
        }

        TrackCall call = new() { Decision = decision, Interaction = (byte)interaction, Consumer = id, CatalogueVersion = _services.Catalogue.Version };
        return (await _desk.AskAsync(hash, call, static (grain, call) => grain.TrackAsync(call), cancellation)).Recorded;
    }

    public async ValueTask<ConsumerView?> ReadConsumerAsync(string id, CancellationToken cancellation)
    {
        if (!TryIdOf(id, out byte[] consumer))
        {
            return null;
        }

        ConsumerCall call = new ConsumerCall { Consumer = consumer }.At<ConsumerCall>(Seat.Look);
        ReadAnswer answer = await _desk.AskAsync(Hash.Of(consumer), call, static (grain, call) => grain.ReadAsync(call), cancellation);
        return answer.Outcome == Outcome.Done ? View(answer.State, await ReadHistoryAsync(answer.Key, cancellation)) : null;
    }

    public async ValueTask<ErasureReceipt?> EraseConsumerAsync(string id, CancellationToken cancellation)
    {
        RequireReady();
        if (!TryIdOf(id, out byte[] consumer))
        {
            return null;
        }

        ConsumerCall call = new ConsumerCall { Consumer = consumer }.At<ConsumerCall>(Seat.Look);
        EraseAnswer answer = await _desk.AskAsync(Hash.Of(consumer), call, static (grain, call) => grain.EraseAsync(call), cancellation);
        return answer.Outcome == Outcome.Done ? new ErasureReceipt(id, answer.ErasedAt, answer.Brands, answer.TombstoneUntil) : null;
    }

    private KeyedConsumerHash Hash => _hash ??= new KeyedConsumerHash(_secret.Current);

    private void RequireReady()
    {
        _services.Log.Require();
        if (_services.Catalogue.Refusal() is { } reason)
        {
            throw new HostUnavailableException(reason, ClusterBounds.Soon);
        }
    }

    private static bool TryIdOf(string? id, out byte[] utf8)
    {
        utf8 = id is null ? [] : Encoding.UTF8.GetBytes(id);
        return utf8.Length is > 0 and <= TurnScratch.MaxIdBytes;
    }

    private static byte[] IdOf(string? id) =>
        TryIdOf(id, out byte[] utf8) ? utf8 : throw new ArgumentException($"A consumer's id is 1 to {TurnScratch.MaxIdBytes} bytes.", nameof(id));

    private (ulong Hash, byte[] Id)? PlaceOf(DecisionRef decision)
    {
        if (decision.ConsumerId is null)
        {
            TurnScratch scratch = _services.Scratch;
            scratch.SetMark(decision);
            return (Hash.OfContextual(scratch.Id), scratch.Id.ToArray());
        }

        return TryIdOf(decision.ConsumerId, out byte[] id) ? (Hash.Of(id), id) : null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<DecideReply> DecideAsync(DecideCall call, CancellationToken cancellation)
    {
        DecideAnswer answer = await _desk.AskAsync(Hash.Of(call.Consumer), call, static (grain, call) => grain.DecideAsync(call), cancellation);
        if (answer.Reply is { } reply)
        {
            return reply;
        }

        await _services.Catalogue.ReachAsync(answer.CatalogueVersion, cancellation);
        return ReplyForm.Read(answer.Form, Catalogue);
    }

    // A reply about nobody: what it held goes into the log, and there is no state.
    private DecideReply DecideContextual(DecideCommand command)
    {
        TurnScratch scratch = _services.Scratch;
        long now = Now;
        ulong nonce = (ulong)_services.Log.Epoch << 40 | Interlocked.Increment(ref _nonce);
        DecideReply reply = scratch.Turn.DecideContextual(command, now, command.Catalogue, command.Test ? _lookOnly : _services.Market, nonce);
        if (scratch.Turn.Changed)
        {
            _services.Log.AppendContextual(now, scratch.Turn.Payload);
        }

        return reply;
    }

    private async ValueTask<EventResult[]> RecordAsync(
        IReadOnlyList<EventCommand> events, Func<IConsumerGrain, EventsCall, ValueTask<EventsAnswer>> ask, CancellationToken cancellation)
    {
        RequireReady();
        EventResult[] results = new EventResult[events.Count];
        List<Task> asked = [];
        foreach (List<int> positions in GroupsOf(events))
        {
            asked.Add(RecordGroupAsync(events, positions, results, ask, cancellation));
        }

        await Task.WhenAll(asked);
        return results;
    }

    private List<List<int>> GroupsOf(IReadOnlyList<EventCommand> events)
    {
        EventGroups groups = _services.Scratch.Groups;
        groups.Sort(events);
        List<List<int>> all = new(groups.Count);
        for (int group = 0; group < groups.Count; group++)
        {
            List<int> positions = [];
            int index = groups.FirstOf(group);
            do
            {
                positions.Add(index);
            }
            while (groups.MoveNext(ref index));

            all.Add(positions);
        }

        groups.Clear();
        return all;
    }

    private async Task RecordGroupAsync(
        IReadOnlyList<EventCommand> events, List<int> positions, EventResult[] results, Func<IConsumerGrain, EventsCall, ValueTask<EventsAnswer>> ask,
        CancellationToken cancellation)
    {
        if (!TryIdOf(events[positions[0]].ConsumerId, out byte[] consumer))
        {
            positions.ForEach(i => results[i] = ConsumerTurns.RefuseId(events[i], Catalogue));
            return;
        }

        EventsCall call = new() { Events = [.. positions.Select(i => events[i])], Consumer = consumer, CatalogueVersion = _services.Catalogue.Version };
        EventsAnswer answer = await _desk.AskAsync(Hash.Of(consumer), call, ask, cancellation);
        EventResult[] group = answer.Results ?? EventForm.ReadResults(answer.Form);
        for (int i = 0; i < group.Length; i++)
        {
            results[positions[i]] = group[i];
        }
    }

    private ConsumerView View(byte[] packed, List<(long At, ReadOnlyMemory<byte> Payload)> history)
    {
        ConsumerState state = _services.Scratch.Turn.State;
        return ConsumerCodec.TryRead(packed, state)
            ? ConsumerViews.Of(state, Catalogue, Math.Max(Now, state.LastInstant), history)
            : throw new InvalidDataException("The state of a consumer cannot be read.");
    }

    /// <summary>The consumer's newest turns, newest first; none while the store refuses: the view then does without them.</summary>
    private async ValueTask<List<(long At, ReadOnlyMemory<byte> Payload)>> ReadHistoryAsync(ulong key, CancellationToken cancellation)
    {
        List<(long At, ReadOnlyMemory<byte> Payload)> history = [];
        try
        {
            foreach (TurnRow row in await _store.ReadHistoryAsync(key, ClusterBounds.History, cancellation))
            {
                history.AddRange(ConsumerTail.TurnsOf(row).AsEnumerable().Reverse());
            }
        }
        catch (StorageException)
        {
        }

        return history.Count > ClusterBounds.History ? history[..ClusterBounds.History] : history;
    }
}
