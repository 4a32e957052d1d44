using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Turns;

public sealed class DecideTests
{
    private const string CapOfFive = "[ { \"max\": 5, \"per\": \"1d\" } ]";

    private readonly TestWorld _world = new();

    [Fact]
    public async Task A_cap_holds_under_sixty_four_concurrent_requests_of_one_consumer()
    {
        await _world.OpenAsync(Brands.Simple(CapOfFive));
        int[] decided = new int[64];
        Thread[] threads = [.. Enumerable.Range(0, 64).Select(i => new Thread(() =>
        {
            for (int request = 0; request < 20; request++)
            {
                decided[i] += _world.DecideAsync().Result.Placements[0].Decisions.Length;
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(5, decided.Sum());
        DecideReply refused = await _world.DecideAsync();
        Assert.Equal(NoDecisionReason.FrequencyCap, refused.Placements[0].NoDecision!.Value.Reason);
        Assert.Equal(5, (await _world.RelationshipAsync())!.Exposures.Count);
    }

    [Fact]
    public async Task A_budget_holds_under_sixty_four_threads_of_as_many_consumers_and_its_last_unit_is_spent()
    {
        await _world.OpenAsync(Brands.Simple(budget: "{ \"total\": \"500\", \"pacing\": \"asap\" }"));
        int[] decided = new int[64];
        Thread[] threads = [.. Enumerable.Range(0, 64).Select(i => new Thread(() =>
        {
            for (int request = 0; request < 40; request++)
            {
                if (_world.ChooseAsync($"c-{i}-{request}").Result is { } chosen)
                {
                    decided[i]++;
                    if (request % 2 == 0)
                    {
                        Assert.True(_world.TrackAsync(chosen, EventType.Impression).AsTask().Result);
                    }
                }
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(500, decided.Sum());
        (long spent, _, long held) = _world.Money();
        Assert.Equal(500, spent + held);

        DecideReply refused = await _world.DecideAsync("late");
        Assert.Equal(NoDecisionReason.Budget, refused.Placements[0].NoDecision!.Value.Reason);
        _world.Clock.Now = refused.Placements[0].NoDecision!.Value.RetryAt!.Value;
        Assert.NotNull(await _world.ChooseAsync("late"));
    }

    [Fact]
    public async Task The_same_request_state_catalogue_and_seed_give_the_same_decision_and_the_same_record()
    {
        TestWorld other = new();
        await _world.OpenAsync();
        await other.OpenAsync();
        for (int i = 0; i < 50; i++)
        {
            string consumer = $"c-{i % 7}";
            Assert.Equal(Text(await _world.DecideAsync(consumer)), Text(await other.DecideAsync(consumer)));
            _world.Clock.Now += 1_000;
            other.Clock.Now += 1_000;
        }

        Assert.Equal(Records(_world), Records(other));
        Assert.Equal(_world.States(), other.States());
    }

    [Fact]
    public async Task A_repeated_request_id_repeats_the_answer_and_reserves_nothing_more()
    {
        await _world.OpenAsync(Brands.Simple(CapOfFive));
        DecideReply first = await _world.DecideAsync(requestId: "r-1");
        _world.Clock.Now += 10_000;
        DecideReply second = await _world.DecideAsync(requestId: "r-1");
        Assert.Equal(Text(first), Text(second));
        Assert.Equal(1, _world.Log.Appended);
        Assert.Equal(1, _world.Money().Held);
    }

    [Fact]
    public async Task A_test_decides_and_leaves_nothing()
    {
        await _world.OpenAsync();
        foreach (string? consumer in (string?[])[TestWorld.Consumer, null])
        {
            DecideCommand command = _world.Command(consumer);
            command.Test = true;
            DecideReply reply = await _world.Host.DecideAsync(command, TestContext.Current.CancellationToken);
            Assert.Single(reply.Placements[0].Decisions);
        }

        Assert.Equal((0, 0L, 0L), (_world.Log.Appended, _world.Money().Held, _world.Host.ResidentConsumers));
    }

    [Fact]
    public async Task Without_consent_nothing_of_the_consumer_is_read_or_written()
    {
        await _world.OpenAsync();
        await _world.RecordAsync(_world.Event("e-1", EventType.Cart));
        DecideCommand command = _world.Command();
        command.Consent = false;
        DecideReply reply = await _world.Host.DecideAsync(command, TestContext.Current.CancellationToken);
        SlotDecision decision = Assert.Single(reply.Placements[0].Decisions);
        Assert.True(decision.Contextual);
        Assert.Equal(0, decision.Intent);
        Assert.Empty((await _world.RelationshipAsync())!.Exposures);
        Assert.Equal(1, _world.Money().Held);
    }

    [Fact]
    public async Task A_decision_does_not_wait_for_the_disk_and_one_with_events_does()
    {
        await _world.OpenAsync();
        _world.Log.CommitsAtOnce = false;
        Assert.True(_world.DecideAsync().IsCompletedSuccessfully);

        DecideCommand command = _world.Command();
        command.Events.Add(_world.Event("e-1", EventType.Cart));
        ValueTask<DecideReply> withEvents = _world.Host.DecideAsync(command, TestContext.Current.CancellationToken);
        Assert.False(withEvents.IsCompleted);
        _world.Log.Commit();
        Assert.Equal(EventStatus.Accepted, Assert.Single((await withEvents).Events!).Status);
    }

    [Fact]
    public async Task A_warm_decision_allocates_what_its_turn_does_and_nothing_more()
    {
        await _world.OpenAsync();
        DecideCommand command = _world.Command();
        Turn turn = new(5);
        turn.State.Reset("c-42"u8);
        LookOnlyMarket market = new(_world.Host.Rooms.Ledger);
        AllocatedBy(128, () => Bare());
        long bare = AllocatedBy(100, () => Bare());

        // Another consumer has grown through the same sizes: the arrays it outgrew are there to be used.
        DecideCommand before = _world.Command("c-41");
        AllocatedBy(230, () => Decide(before));
        AllocatedBy(128, () => Decide(command));
        // The scripted journal keeps a copy of each record.
        long kept = _world.Log.CopiedBytes;
        long allocated = AllocatedBy(100, () => Decide(command));
        allocated -= _world.Log.CopiedBytes - kept;
        Assert.InRange(allocated, 1, bare);

        void Decide(DecideCommand request)
        {
            ValueTask<DecideReply> reply = _world.Host.DecideAsync(request, default);
            Assert.True(reply.IsCompletedSuccessfully && reply.Result.Placements[0].Decisions.Length == 1);
        }

        void Bare()
        {
            turn.Begin(1, _world.Clock.Now, command.Catalogue, market, null);
            Assert.True(turn.Decide(command).Placements[0].Decisions.Length == 1);
        }

        static long AllocatedBy(int times, Action act)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < times; i++)
            {
                act();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static string Text(DecideReply reply)
    {
        StringBuilder text = new();
        foreach (SlotDecision decision in reply.Placements[0].Decisions)
        {
            text.Append(reply.At).Append(decision.Campaign.Id).Append(decision.Step.Id).Append(decision.Creative.Id).Append(decision.DeeplinkStage)
                .Append(BitConverter.DoubleToInt64Bits(decision.Intent)).Append(BitConverter.DoubleToInt64Bits(decision.Score))
                .Append(BitConverter.DoubleToInt64Bits(decision.Propensity)).Append(decision.Ordinal).Append(decision.ReserveSeconds);
        }

        return text.Append(reply.Placements[0].NoDecision).ToString();
    }

    private static List<string> Records(TestWorld world) => [.. world.Log.ReadAfter(0).Select(r => $"{r.Head} {Convert.ToHexString(r.Payload.Span)}")];
}
