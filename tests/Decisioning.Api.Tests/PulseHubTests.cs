using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decisioning.Api.Access;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Watch;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests;

public class PulseHubTests
{
    [Fact]
    public async Task A_watcher_is_sent_the_pulse_as_it_can_be_read()
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectAsync(api.Address);
        Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
        JsonObject sent = Object(await client.NextAsync("pulse"));
        JsonObject read = Object((await api.GetAsync("/v1/brands/aurora/pulse")).Json);
        Assert.Equal((1, 0), ((int)sent["frame"]!, (int)read["frame"]!));
        sent["frame"] = 0;
        Assert.Equal(read.ToJsonString(), sent.ToJsonString());
    }

    [Fact]
    public async Task Shifts_lead_from_pulse_to_pulse_without_a_gap()
    {
        Random random = new(7);
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectAsync(api.Address);
        await client.CallAsync("WatchBrand", "aurora");
        JsonObject shown = Object(await client.NextAsync("pulse"));
        BrandPulse pulse = api.Watch.Pulses["aurora"];
        for (int frame = 2; frame < 60; frame++)
        {
            pulse = TestPulses.Mutate(pulse, random);
            api.Watch.Put(pulse);
            api.Beat();
            HubCall call = await client.NextAsync();
            shown = call.Target == "pulse" ? Object(call.Argument) : ShiftMerge.Apply(shown, Object(call.Argument));
            Assert.Equal(frame, (int)shown["frame"]!);
        }

        JsonObject read = Object((await api.GetAsync("/v1/brands/aurora/pulse")).Json);
        read["frame"] = shown["frame"]!.DeepClone();
        Assert.Equal(ShiftMerge.Ordered(read).ToJsonString(), ShiftMerge.Ordered(shown).ToJsonString());
    }

    [Fact]
    public async Task At_most_four_frames_a_second_are_sent()
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectAsync(api.Address);
        await client.CallAsync("WatchBrand", "aurora");
        await client.NextAsync("pulse");
        for (int version = 2; version < 102; version++)
        {
            api.Watch.Put(TestPulses.Of("aurora", version));
            api.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Null(await client.CallAsync("UnwatchBrand", "aurora"));
        Assert.Equal(4, client.Unseen);
    }

    [Fact]
    public async Task One_that_unwatches_is_sent_no_more()
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectAsync(api.Address);
        await client.CallAsync("WatchBrand", "aurora");
        await client.CallAsync("WatchBrand", "borealis");
        await client.NextAsync("pulse");
        await client.NextAsync("pulse");
        Assert.Null(await client.CallAsync("UnwatchBrand", "aurora"));
        Assert.Null(await client.CallAsync("UnwatchBrand", "aurora"));
        Assert.Null(await client.CallAsync("UnwatchBrand", [null]));
        api.Watch.Put(TestPulses.Of("aurora", 2));
        api.Watch.Put(TestPulses.Of("borealis", 2));
        api.Beat();
        Assert.Equal("borealis", (await client.NextAsync("shift")).GetProperty("brand").GetString());
        Assert.Equal(0, client.Unseen);
    }

    [Fact]
    public async Task Ten_pulses_that_were_never_read_are_made_up_for_by_one_and_delay_nobody()
    {
        const int Bytes = 4_000_000;
        const int Beats = 12;
        await using TestApi api = await TestApi.StartAsync();
        api.Watch.Put(TestPulses.Large("aurora", 1, Bytes));
        await using HubClient sleeper = await HubClient.ConnectAsync(api.Address, reads: false);
        await sleeper.StartAsync("WatchBrand", "aurora");
        await using HubClient other = await HubClient.ConnectAsync(api.Address);
        await other.CallAsync("WatchBrand", "aurora");
        await other.NextAsync("pulse");
        for (int version = 2; version <= Beats; version++)
        {
            api.Watch.Put(TestPulses.Large("aurora", version, Bytes));
            api.Beat();
            Assert.Equal(version, (await other.NextAsync("shift")).GetProperty("frame").GetInt64());
        }

        sleeper.Read();
        List<(string Target, long Frame)> seen = [];
        do
        {
            HubCall call = await sleeper.NextAsync();
            seen.Add((call.Target, call.Argument.GetProperty("frame").GetInt64()));
        }
        while (seen[^1].Frame < Beats);

        Assert.Equal("pulse", seen[0].Target);
        Assert.InRange(seen.Count, 2, Beats - 1);
        Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.True(pair.Second.Target == "pulse" || pair.Second.Frame == pair.First.Frame + 1));
        Assert.Contains(seen.Zip(seen.Skip(1)), pair => pair.Second.Target == "pulse" && pair.Second.Frame > pair.First.Frame + 1);
    }

    [Fact]
    public async Task One_that_takes_nothing_for_thirty_seconds_is_closed()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Watch.Put(TestPulses.Large("aurora", 1, 16_000_000));
        await using HubClient sleeper = await HubClient.ConnectAsync(api.Address, reads: false);
        await using HubClient other = await HubClient.ConnectAsync(api.Address);
        await sleeper.StartAsync("WatchBrand", "aurora");
        await other.CallAsync("WatchBrand", "borealis");
        await other.NextAsync("pulse");

        // Before its frame is on its way there is nothing to be late with: each round trip of the other one gives it time.
        Task closed = api.Log.WrittenAsync("has not taken a frame");
        while (!closed.IsCompleted)
        {
            Assert.Null(await other.CallAsync("UnwatchBrand", "aurora"));
            api.Clock.Advance(WatchBounds.LongestSend);
        }

        await closed;
        sleeper.Read();
        await sleeper.Ended;
        Assert.Null(await other.CallAsync("WatchBrand", "borealis"));
        await other.NextAsync("pulse");
    }

    [Fact]
    public async Task A_server_that_stops_closes_every_connection_and_waits_for_none_that_does_not_read()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Watch.Put(TestPulses.Large("aurora", 1, 16_000_000));
        await using HubClient sleeper = await HubClient.ConnectAsync(api.Address, reads: false);
        await using HubClient other = await HubClient.ConnectAsync(api.Address);
        await sleeper.StartAsync("WatchBrand", "aurora");
        await other.CallAsync("WatchBrand", "borealis");
        await api.StopAsync();
        await other.Ended;
    }

    [Theory]
    [InlineData("WatchBrand", "nobody", "catalogue.unknown_brand")]
    [InlineData("WatchBrand", null, "auth.forbidden")]
    [InlineData("WatchConsumer", "c-43", "consumer.unknown")]
    [InlineData("WatchConsumer", "", "request.invalid")]
    [InlineData("WatchConsumer", null, "request.invalid")]
    public async Task What_is_not_there_is_an_error_with_its_code(string method, string? argument, string code)
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectAsync(api.Address);
        Assert.Contains($"HubException: {code}: ", await client.CallAsync(method, [argument]), StringComparison.Ordinal);
        Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
        Assert.DoesNotContain(api.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":1,"invocationId":"x","target":"Explode","arguments":[]}""")]
    [InlineData("""{"type":1,"invocationId":"x","target":"WatchBrand","arguments":[{"a":1}]}""")]
    [InlineData("""{"type":1,"invocationId":"x","target":"WatchBrand","arguments":["aurora","more"]}""")]
    [InlineData("""{"type":4,"invocationId":"x","target":"WatchBrand","arguments":["aurora"]}""")]
    public async Task A_call_that_cannot_be_is_an_error_and_the_connection_goes_on(string record)
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectAsync(api.Address);
        Assert.NotNull(await client.AnswerToAsync("x", record));
        Assert.Null(await client.CallAsync("WatchBrand", "aurora"));
    }

    [Theory]
    [InlineData("nonsense\x1e")]
    [InlineData("[]\x1e")]
    [InlineData("{}\x1e")]
    [InlineData("{\"type\":\"one\"}\x1e")]
    [InlineData("{\"type\":1,\"target\":7}\x1e")]
    [InlineData("{\"type\":1,\"invocationId\":\"x\",\"target\":\"WatchBrand\",\"arguments\":[\"\xff\"\x1e")]
    [InlineData("LONG")]
    public async Task A_malformed_or_oversized_frame_closes_its_connection_and_no_other(string text)
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient bad = await HubClient.ConnectAsync(api.Address);
        await using HubClient good = await HubClient.ConnectAsync(api.Address);
        await good.CallAsync("WatchBrand", "aurora");
        await good.NextAsync("pulse");
        await bad.SendRawAsync(text == "LONG" ? new string('x', WatchBounds.HubMessageBytes + 1) : text);
        await bad.Ended;
        Assert.NotNull(bad.CloseError);
        api.Watch.Put(TestPulses.Of("aurora", 2));
        api.Beat();
        await good.NextAsync("shift");
    }

    [Theory]
    [InlineData("{\"protocol\":\"messagepack\",\"version\":1}\x1e")]
    [InlineData("{\"protocol\":\"json\",\"version\":99}\x1e")]
    [InlineData("nonsense\x1e")]
    public async Task Another_handshake_is_refused(string text)
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectSilentlyAsync(api.Address);
        await client.SendRawAsync(text);
        await client.Ended;
        Assert.NotNull(client.CloseError);
    }

    [Fact]
    public async Task Many_that_join_at_once_are_all_served_and_cost_one_reading()
    {
        const int Many = 300;
        await using TestApi api = await TestApi.StartAsync();
        HubClient[] clients = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => HubClient.ConnectAsync(api.Address)));
        string?[] answers = await Task.WhenAll(clients.Select(c => c.CallAsync("WatchBrand", "aurora")));
        Assert.All(answers, Assert.Null);
        JsonElement[] pulses = await Task.WhenAll(clients.Select(c => c.NextAsync("pulse")));
        Assert.All(pulses, p => Assert.Equal(1, p.GetProperty("frame").GetInt32()));
        int reads = api.Watch.Reads;
        api.Watch.Put(TestPulses.Of("aurora", 2));
        api.Beat();
        Assert.Equal(reads + 1, api.Watch.Reads);
        await Task.WhenAll(clients.Select(c => c.NextAsync("shift")));
        await Task.WhenAll(clients.Select(c => c.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Ten_thousand_joins_at_once_are_served_or_refused_and_whoever_watches_already_misses_nothing()
    {
        const int Clients = 200;
        const int Brands = 50;
        await using TestApi api = await TestApi.StartAsync();
        for (int n = 1; n < Brands; n++)
        {
            api.Watch.Put(TestPulses.Of($"brand-{n}", 1));
        }

        await using HubClient settled = await HubClient.ConnectAsync(api.Address);
        await settled.CallAsync("WatchBrand", "aurora");
        await settled.NextAsync("pulse");
        HubClient[] clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => HubClient.ConnectAsync(api.Address)));

        // The last of each connection's fifty is a brand that is not there.
        Task<string?[]> joining = Task.WhenAll(clients.SelectMany(c => Enumerable.Range(1, Brands).Select(n => c.CallAsync("WatchBrand", $"brand-{n}"))));
        int frame = 1;
        while (!joining.IsCompleted)
        {
            api.Watch.Put(TestPulses.Of("aurora", ++frame));
            api.Beat();
            Assert.Equal(frame, (await settled.NextAsync("shift")).GetProperty("frame").GetInt32());
        }

        string?[] answers = await joining;
        Assert.Equal(Clients, answers.Count(a => a?.Contains("catalogue.unknown_brand", StringComparison.Ordinal) == true));
        Assert.Equal(Clients * (Brands - 1), answers.Count(a => a is null));
        foreach (HubClient client in clients)
        {
            HashSet<string?> shown = [];
            for (int n = 1; n < Brands; n++)
            {
                shown.Add((await client.NextAsync("pulse")).GetProperty("brand").GetString());
            }

            Assert.Equal(Brands - 1, shown.Count);
        }

        await Task.WhenAll(clients.Select(c => c.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_connection_watches_so_many_and_no_more()
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectAsync(api.Address);
        for (int n = 0; n <= WatchBounds.BrandsPerConnection; n++)
        {
            api.Watch.Put(TestPulses.Of($"brand-{n}", 1));
            string? error = await client.CallAsync("WatchBrand", $"brand-{n}");
            Assert.Equal(n == WatchBounds.BrandsPerConnection, error?.Contains("watch.too_many", StringComparison.Ordinal) ?? false);
        }

        await client.CallAsync("UnwatchBrand", "brand-0");
        Assert.Null(await client.CallAsync("WatchBrand", $"brand-{WatchBounds.BrandsPerConnection}"));
    }

    [Fact]
    public async Task A_host_that_cannot_be_asked_is_an_error_with_its_code_and_another_fault_gives_nothing_away()
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectAsync(api.Address);
        api.Watch.Fault = new HostUnavailableException("Recovering.", TimeSpan.FromSeconds(1));
        Assert.Contains("host.unavailable: Recovering.", await client.CallAsync("WatchBrand", "aurora"), StringComparison.Ordinal);
        api.Watch.Fault = new InvalidOperationException("A secret.");
        string? error = await client.CallAsync("WatchBrand", "aurora");
        Assert.Contains("server.unexpected: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        Assert.Contains(api.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("A secret.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_consumer_is_sent_whole_when_it_changes_and_told_when_it_is_gone()
    {
        await using TestApi api = await TestApi.StartAsync();
        await using HubClient client = await HubClient.ConnectAsync(api.Address);
        api.Host.Consumer = Consumer("aurora");
        Assert.Null(await client.CallAsync("WatchConsumer", "c-42"));
        Assert.Equal((await api.GetAsync("/v1/consumers/c-42")).Text, (await client.NextAsync("consumer")).GetRawText());
        api.Beat();
        api.Host.Consumer = Consumer("aurora", "borealis");
        api.Beat();
        Assert.Equal(2, (await client.NextAsync("consumer")).GetProperty("brands").EnumerateObject().Count());
        api.Host.Consumer = null;
        api.Beat();
        Assert.Equal("c-42", (await client.NextAsync("gone")).GetProperty("consumer").GetString());
        Assert.Contains("consumer.unknown", await client.CallAsync("WatchConsumer", "c-42"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_consumer_each_is_shown_its_own_brands()
    {
        await using TestApi api = await TestApi.StartAsync([TestApi.Key("a", Roles.Consumer, ["aurora"]), TestApi.Key("b", Roles.Consumer, ["borealis"])]);
        api.Host.Consumer = Consumer("aurora", "borealis");
        foreach ((string key, string brand) in new[] { ("a", "aurora"), ("b", "borealis") })
        {
            await using HubClient client = await HubClient.ConnectAsync(api.Address, null, true, ("X-Api-Key", key));
            await client.CallAsync("WatchConsumer", "c-42");
            JsonElement shown = await client.NextAsync("consumer");
            Assert.Equal([brand], shown.GetProperty("brands").EnumerateObject().Select(b => b.Name));
        }
    }

    [Fact]
    public async Task So_many_consumers_are_watched_on_a_connection_and_in_all()
    {
        await using TestApi api = await TestApi.StartAsync();
        int watched = 0;
        List<HubClient> clients = [];
        while (watched < WatchBounds.Consumers)
        {
            HubClient client = await HubClient.ConnectAsync(api.Address);
            clients.Add(client);
            for (int n = 0; n < WatchBounds.ConsumersPerConnection; n++)
            {
                api.Host.Consumer = new ConsumerView($"c-{watched++}", []);
                Assert.Null(await client.CallAsync("WatchConsumer", api.Host.Consumer.Id));
            }
        }

        api.Host.Consumer = new ConsumerView("c-more", []);
        Assert.Contains("watch.too_many", await clients[0].CallAsync("WatchConsumer", "c-more"), StringComparison.Ordinal);
        await clients[0].CallAsync("UnwatchConsumer", "c-0");
        Assert.Contains("watch.full", await clients[0].CallAsync("WatchConsumer", "c-more"), StringComparison.Ordinal);
        api.Beat();
        Assert.Null(await clients[0].CallAsync("WatchConsumer", "c-more"));
        await Task.WhenAll(clients.Select(c => c.DisposeAsync().AsTask()));
    }

    private static ConsumerView Consumer(params string[] brands) => new("c-42", [.. brands.Select(b => new RelationshipView(
        b, default, default, 1, new Dictionary<string, BehaviourView>(), [], [], new Dictionary<string, StorylineView>(), [], [], []))]);

    private static JsonObject Object(JsonElement element) => JsonObject.Create(element)!;
}
