using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Conformance;

/// <summary>What every host must do, whatever it keeps consumers in.</summary>
public abstract class HostConformance
{
    private const long HourMs = 3_600_000;
    private const long InterestWindow = 15 * HostUnderTest.DayMs;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected abstract Task<HostUnderTest> OpenAsync();

    [Fact]
    public async Task Decisions_follow_the_story()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Story);
        var first = (await host.ChooseAsync())!.Value;
        Assert.Equal("one", first.Decision.Step.Id);
        Assert.Equal("one", (await host.ChooseAsync())!.Value.Decision.Step.Id);
        Assert.True(await host.TrackAsync(first.Ref, EventType.Impression));
        var second = (await host.ChooseAsync())!.Value;
        Assert.Equal(("two", "b"), (second.Decision.Step.Id, second.Decision.Creative.Id));
        Assert.Equal("one", (await host.RelationshipAsync())!.Storylines["s"].Furthest);
    }

    [Fact]
    public async Task A_cap_holds_under_sixty_four_requests_at_once_of_one_consumer()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple("[ { \"max\": 5, \"per\": \"1d\" } ]"));
        int[] decided = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            int mine = 0;
            for (int request = 0; request < 5; request++)
            {
                mine += (await host.DecideAsync()).Placements[0].Decisions.Length;
            }

            return mine;
        })));
        Assert.Equal(5, decided.Sum());
        DecideReply refused = await host.DecideAsync();
        Assert.Equal(NoDecisionReason.FrequencyCap, refused.Placements[0].NoDecision!.Value.Reason);
        Assert.Equal(5, (await host.RelationshipAsync())!.Exposures.Count);
    }

    [Fact]
    public async Task A_repeated_request_id_repeats_the_answer_and_reserves_nothing_more()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple());
        DecideReply first = await host.DecideAsync(requestId: "r-1");
        host.Clock.Now += 10_000;
        DecideReply again = await host.DecideAsync(requestId: "r-1");
        Assert.Equal(first.At, again.At);
        Assert.Equal(Text(first), Text(again));
        await host.EvictAsync();
        Assert.Equal(first.At, (await host.DecideAsync(requestId: "r-1")).At);
        Assert.Single((await host.RelationshipAsync())!.Exposures);
    }

    [Fact]
    public async Task Results_stand_in_the_order_of_a_batch_and_each_event_counts_once()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple());
        EventResult[] results = await host.RecordAsync(
            host.Event("e-1", EventType.Cart, "a"), host.Event("e-2", consumer: "b"), host.Event("e-1", EventType.Cart, "a"),
            new EventCommand { EventId = "e-3", Type = EventType.View, Brand = "nobody", OccurredAt = host.Clock.Now },
            host.Event("e-4", consumer: new string('x', 129)), host.Event("e-5", consumer: "a"));
        Assert.Equal(["e-1", "e-2", "e-1", "e-3", "e-4", "e-5"], results.Select(static r => r.EventId!));
        Assert.Equal(
            [EventStatus.Accepted, EventStatus.Accepted, EventStatus.Duplicate, EventStatus.Rejected, EventStatus.Rejected, EventStatus.Accepted],
            results.Select(static r => r.Status));
        Assert.Equal([EventCodes.MissingField, EventCodes.BadId], results.Where(static r => r.Code is not null).Select(static r => r.Code));
        Assert.Equal("Missing: consumerId. There is no brand 'nobody'.", results[3].Detail);
        await host.EvictAsync();
        Assert.Equal(EventStatus.Duplicate, (await host.RecordAsync(host.Event("e-5", consumer: "a")))[0].Status);
        Assert.Equal(1, (await host.RelationshipAsync("a"))!.Behaviours["view"].Count);
        Assert.Null(await host.Host.ReadConsumerAsync("never", Cancelled));
    }

    [Fact]
    public async Task A_request_brings_its_events_first()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple());
        DecideCommand command = host.Command();
        command.Events.Add(host.Event("e-1", EventType.Cart));
        DecideReply reply = await host.Host.DecideAsync(command, Cancelled);
        Assert.Equal(EventStatus.Accepted, Assert.Single(reply.Events!).Status);
        Assert.Equal(DeeplinkStage.Perform, reply.Placements[0].Decisions[0].DeeplinkStage);
    }

    [Fact]
    public async Task A_tracker_counts_once_for_consumers_and_for_nobody()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple());
        foreach (string? consumer in (string?[])[HostUnderTest.Consumer, null])
        {
            DecisionRef decision = (await host.ChooseAsync(consumer))!.Value.Ref;
            Assert.True(await host.TrackAsync(decision, EventType.Impression));
            Assert.True(await host.TrackAsync(decision, EventType.Impression));
        }

        Assert.Equal("confirmed", Assert.Single((await host.RelationshipAsync())!.Exposures).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stage_ends_at_its_exact_instant_in_memory_or_not(bool evicted)
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple());
        long carted = host.Clock.Now;
        await host.RecordAsync(host.Event("e-1", EventType.Cart));
        if (evicted)
        {
            await host.EvictAsync();
        }

        host.Clock.Now = carted + InterestWindow - 1;
        await host.PublishDueAsync();
        Assert.Equal(DeeplinkStage.Perform, (await host.RelationshipAsync())!.StageHistory[^1].To);
        host.Clock.Now = carted + InterestWindow + HostUnderTest.DayMs;
        await host.PublishDueAsync();
        Assert.Equal(new StageChangeView(carted + InterestWindow, DeeplinkStage.Perform, DeeplinkStage.None), (await host.RelationshipAsync())!.StageHistory[^1]);
    }

    [Fact]
    public async Task An_erased_consumer_is_gone_and_begins_anew()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple());
        await host.RecordAsync(host.Event("e-0", consumer: "other"), host.Event("e-1", EventType.Cart));
        DecisionRef decision = (await host.ChooseAsync())!.Value.Ref;
        ErasureReceipt receipt = (await host.Host.EraseConsumerAsync(HostUnderTest.Consumer, Cancelled))!;
        Assert.Equal((HostUnderTest.Consumer, host.Clock.Now), (receipt.Consumer, receipt.ErasedAt));
        Assert.Equal([HostUnderTest.Brand], receipt.Brands);
        Assert.Equal(host.Clock.Now + 31 * HostUnderTest.DayMs, receipt.TombstoneUntil);
        foreach (bool evicted in (bool[])[false, true])
        {
            if (evicted)
            {
                await host.EvictAsync();
            }

            Assert.Null(await host.RelationshipAsync());
            Assert.Null(await host.Host.EraseConsumerAsync(HostUnderTest.Consumer, Cancelled));
            Assert.False(await host.TrackAsync(decision, EventType.Impression));
            Assert.Equal(EventStatus.Rejected, (await host.RecordAsync(host.Event("late")))[0].Status);
        }

        host.Clock.Now += 1_000;
        Assert.Equal(EventStatus.Accepted, (await host.RecordAsync(host.Event("e-1")))[0].Status);
        await host.EvictAsync();
        RelationshipView view = (await host.RelationshipAsync())!;
        Assert.Equal((1L, false), (view.Behaviours["view"].Count, view.Behaviours.ContainsKey("cart")));
        Assert.NotNull(await host.RelationshipAsync("other"));
    }

    [Fact]
    public async Task A_change_of_the_catalogue_is_live_when_it_returns()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple());
        Assert.NotNull(await host.ChooseAsync());
        CatalogueChange paused = await host.Host.SetStatusAsync(HostUnderTest.Brand, SymbolKind.Campaign, "c", paused: true, "test", Cancelled);
        Assert.Equal((CatalogueOutcome.Done, "2"), (paused.Outcome, paused.Version));
        Assert.Null(await host.ChooseAsync("another"));
        CatalogueChange conflict = await host.Host.PutBrandAsync(HostUnderTest.Brand, "{}"u8.ToArray(), "1", "test", Cancelled);
        Assert.Equal((CatalogueOutcome.VersionConflict, "2"), (conflict.Outcome, conflict.Version));
        CatalogueChange invalid = await host.Host.PutBrandAsync(HostUnderTest.Brand, "{ \"name\": 5 }"u8.ToArray(), "2", "test", Cancelled);
        Assert.Equal(CatalogueOutcome.Invalid, invalid.Outcome);
        Assert.NotEmpty(invalid.Faults);
        await host.PutAsync(Documents.Simple());
        Assert.NotNull(await host.ChooseAsync("another"));
        Assert.Equal(["put", "patch", "put"], (await host.Host.ReadAuditAsync(HostUnderTest.Brand, Cancelled)).Select(static a => a.Action));
        Assert.Equal(CatalogueOutcome.Done, (await host.Host.DeleteBrandAsync(HostUnderTest.Brand, null, "test", Cancelled)).Outcome);
        Assert.Null(await host.Host.ReadBrandAsync(HostUnderTest.Brand, Cancelled));
        Assert.Empty(host.Host.Catalogue.Brands);
    }

    [Fact]
    public async Task History_of_any_age_comes_in_once()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple());
        long before = host.Clock.Now - 60 * HostUnderTest.DayMs;
        Assert.Equal(EventStatus.Accepted, (await host.ImportAsync(host.Event("h-1", EventType.Purchase, at: before)))[0].Status);
        await host.EvictAsync();
        Assert.Equal(EventStatus.Duplicate, (await host.ImportAsync(host.Event("h-1", EventType.Purchase, at: before)))[0].Status);
        Assert.Equal(before, Assert.Single((await host.RelationshipAsync())!.Orders).At);
    }

    [Fact]
    public async Task What_comes_after_its_hour_was_stored_is_in_its_history()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple());
        long began = host.Clock.Now, hour = began - began % HourMs, after = began + 100 * HourMs;
        foreach ((string id, long at) in ((string, long)[])[("before", began), ("after", after)])
        {
            host.Clock.Now = at;
            await host.RecordAsync(host.Event(id, consumer: id));
        }

        await host.BookAsync();
        await host.StoreBooksAsync();
        await host.RecordLateAsync("late", began + 1);
        await host.RecordLateAsync("later", began + 2 * HourMs);
        await host.BookAsync();
        Assert.Equal([(hour, 2L), (hour + 2 * HourMs, 1L), (hour + 100 * HourMs, 1L)], await SeriesAsync("events", hour, after + 1));

        // Stored levels stay as they are; moves that come late are in the hours that are not stored.
        Assert.Equal([(hour, 1L), (hour + HourMs, 1L), (hour + 2 * HourMs, 1L), (hour + 3 * HourMs, 1L)], await SeriesAsync("stage.awareness", hour, hour + 4 * HourMs));
        Assert.Equal([(hour + 3 * HourMs, 1L)], await SeriesAsync("stage.awareness", hour + 3 * HourMs, hour + 4 * HourMs));
        Assert.Equal([(hour + 100 * HourMs, 4L)], await SeriesAsync("stage.awareness", hour + 100 * HourMs, after + 1));

        async Task<IEnumerable<(long, long)>> SeriesAsync(string metric, long from, long to) =>
            (await host.Watch.ReadHistoryAsync(HostUnderTest.Brand, new SeriesQuery(metric, from, to, ByDay: false), Cancelled))!.Points.Select(static p => (p.At, p.Value));
    }

    [Fact]
    public async Task A_flat_price_is_booked_by_days_of_the_flight_whatever_is_delivered()
    {
        // Five days from the day before now, which has gone by unbooked; a day's share comes as the day begins, the rest of the division at the end.
        await using HostUnderTest host = await OpenAsync(Documents.Flat("0.000013", "2026-11-04", "2026-11-08"));
        long midnight = ConformanceClock.At("2026-11-05T00:00:00Z");
        await host.RecordAsync(host.Event("seen"));
        Assert.NotNull(await host.ChooseAsync());
        Assert.Equal((4, 4), await SpendAsync());
        Assert.Equal((4, 4), await SpendAsync());
        host.Clock.Now = midnight + HostUnderTest.DayMs - 1;
        Assert.Equal((4, 4), await SpendAsync());
        host.Clock.Now++;
        Assert.Equal((7, 3), await SpendAsync());
        await host.StoreBooksAsync();

        // Nobody booked for a day, which is made up for; afterwards, the flight is over.
        host.Clock.Now += 2 * HostUnderTest.DayMs;
        Assert.Equal((13, 6), await SpendAsync());
        host.Clock.Now += 20 * HostUnderTest.DayMs;
        Assert.Equal((13, 0), await SpendAsync());
        Assert.Equal(
            [(0, 4), (1, 3), (3, 6)],
            (await host.Watch.ReadHistoryAsync(HostUnderTest.Brand, new SeriesQuery("spend", midnight - HostUnderTest.DayMs, host.Clock.Now, ByDay: true), Cancelled))!
                .Points.Where(static p => p.Value != 0).Select(p => ((int)((p.At - midnight) / HostUnderTest.DayMs), (int)p.Value)));
        Assert.Empty((await host.Watch.RecountAsync(HostUnderTest.Brand, Cancelled))!.Mismatches);

        async Task<(long, long)> SpendAsync()
        {
            await host.BookAsync();
            BrandPulse pulse = host.Watch.ReadPulse(HostUnderTest.Brand)!;
            CampaignDelivery campaign = Assert.Single(pulse.Campaigns);
            Assert.Equal((pulse.Spend.TotalMicros, pulse.Spend.TodayMicros), (campaign.Delivery.SpendMicros, campaign.SpendTodayMicros));
            Assert.Equal(campaign.SpendTodayMicros, campaign.PlannedMicros);
            return (campaign.Delivery.SpendMicros, campaign.SpendTodayMicros);
        }
    }

    [Fact]
    public async Task A_flat_price_takes_no_more_than_the_budget_has_and_goes_on_by_what_is_left()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Flat("10.00", "2026-11-05", "2026-11-08", """{ "total": "7.00", "daily": "2.00" }""", status: "paused"));
        await host.RecordAsync(host.Event("seen"));
        Assert.Equal(2_000_000, await SpendAsync());
        host.Clock.Now += HostUnderTest.DayMs;
        Assert.Equal(4_000_000, await SpendAsync());

        // A cheaper flight takes nothing back; a dearer one is spread over the days since, of which two have begun.
        await host.PutAsync(Documents.Flat("3.00", "2026-11-05", "2026-11-08"));
        host.Clock.Now += HostUnderTest.DayMs;
        Assert.Equal(4_000_000, await SpendAsync());
        await host.PutAsync(Documents.Flat("12.00", "2026-11-05", "2026-11-09"));
        host.Clock.Now += HostUnderTest.DayMs;
        Assert.Equal(9_333_333, await SpendAsync());

        Assert.Empty((await host.Watch.RecountAsync(HostUnderTest.Brand, Cancelled))!.Mismatches);

        async Task<long> SpendAsync()
        {
            await host.BookAsync();
            return Assert.Single(host.Watch.ReadPulse(HostUnderTest.Brand)!.Campaigns).Delivery.SpendMicros;
        }
    }

    [Fact]
    public async Task Money_is_there_when_the_change_that_calls_for_it_is_answered()
    {
        await using HostUnderTest host = await OpenAsync(Documents.Simple(budget: """{ "total": "1.00", "pacing": "asap" }"""));
        await host.PutAsync(Documents.Simple(budget: """{ "total": "1000.00", "pacing": "asap" }"""));
        await DeliversAsync("raised");
        foreach (bool paused in (bool[])[true, false])
        {
            Assert.Equal(
                CatalogueOutcome.Done, (await host.Host.SetStatusAsync(HostUnderTest.Brand, SymbolKind.Campaign, "c", paused, "test", Cancelled)).Outcome);
        }

        await DeliversAsync("resumed");

        async Task DeliversAsync(string change)
        {
            for (int consumer = 0; consumer < 3; consumer++)
            {
                Assert.NotNull(await host.ChooseAsync($"{change}-{consumer}"));
            }
        }
    }

    private static string Text(DecideReply reply) => string.Join(
        '|', reply.Placements.SelectMany(static p => p.Decisions).Select(static d => $"{d.Campaign.Id} {d.Step.Id} {d.Creative.Id} {d.Ordinal} {d.Score:R} {d.Propensity:R}"));

    private async Task<HostUnderTest> OpenAsync(string document)
    {
        HostUnderTest host = await OpenAsync();
        await host.PutAsync(document);
        return host;
    }
}
