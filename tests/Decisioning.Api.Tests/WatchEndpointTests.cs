using System.Text.Json;
using Decisioning.Api.Tests.Support;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;

namespace Decisioning.Api.Tests;

public class WatchEndpointTests
{
    private const string Span = "from=2026-11-10T00:00:00Z&to=2026-11-11T00:00:00Z";

    [Fact]
    public async Task A_pulse_is_written_in_full()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.GetAsync("/v1/brands/aurora/pulse");
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        const string Delivered =
            "\"rendered\":30,\"late\":1,\"viewable\":20,\"watched\":9,\"skips\":2,\"clicks\":5,\"engagements\":1,\"dismissals\":0,"
            + "\"conversions\":1.5,\"revenueMicros\":0,\"credits\":3.25,\"spendMicros\":900000";
        Assert.Equal(
            $$$"""
            {"brand":"aurora","frame":0,"asOf":"2026-11-10T20:15:00.001Z","rulesVersion":"3","reclassifying":false,
            "stages":{"none":5,"awareness":10,"interest":4,"purchase":2,"loyalty":1},
            "deeplink":{"discover":6,"engage":4,"enthuse":3,"perform":1,"initial":2,"numerous":1,"keen":0},"link":17,
            "flows":[{"hour":"2026-11-10T19:00:00.000Z","from":"imported","to":"loyalty","count":2},
            {"hour":"2026-11-10T20:00:00.000Z","from":"none","to":"awareness","count":4},
            {"hour":"2026-11-10T20:00:00.000Z","from":"awareness","to":"erased","count":1}],
            "dwell":{"awareness":{"left":12,"lowerQuartileMs":1,"medianMs":2,"upperQuartileMs":3}},
            "campaigns":[{"id":"spring","active":true,"paused":false,"funnel":{"requests":100,"targeted":90,"stepped":60,"uncapped":50,"paced":50},
            "won":1,{{{Delivered}}},"ghosts":2,"exposed":25,"spendTodayMicros":0,"feeMicros":0,"heldMicros":7,"plannedMicros":null,"totalBudgetMicros":9,"dailyBudgetMicros":null,
            "goal":{"date":"2026-11-10","stages":[{"stage":"interest","wanted":960000,"reached":4}]},
            "trial":{"shown":{"consumers":20,"weight":3,"perThousand":150},"heldOut":{"consumers":2,"weight":0.2,"perThousand":100},"incrementPerThousand":50,
            "standardError":45.88314677411235}}],
            "creatives":[{"id":"runway-a","paused":false,"won":1,{{{Delivered}}}},{"id":"vr","paused":true,"won":0,{{{Delivered}}}}],
            "steps":[{"storyline":"launch","id":"runway","index":0,"reached":20,"won":1,{{{Delivered}}}}],
            "channels":[{"id":"home","won":1,{{{Delivered}}}}],
            "noDecisions":{"no_step":1,"frequency_cap":3},
            "spend":{"currency":"CNY","totalMicros":900000,"todayMicros":10,"heldMicros":7,"revenueMicros":5},
            "intent":{"asOf":"2026-11-10T20:15:00.000Z","buckets":[1,2,3,4,5,6,7,8,9,10]},
            "purchaseIntentIndex":{"credits":1.5,"organic":2,"weight":3.5,"perThousandExposed":12.3,"index":null,"lateTouches":4},
            "assets":{"accountingDay":"2026-11-10","value":123.4,"stages":[{"stage":"awareness","consumers":10,"unit":0.2,"value":2}],
            "byCause":[{"name":"cart","delta":1.2}],"byChannel":[{"name":"home","delta":0.000001}],"byCreative":[{"name":"vr","delta":-0.000005}],
            "lines":[{"at":"2026-11-10T20:15:00.000Z","cause":"cart","channel":null,"creative":"vr","from":"awareness","to":"interest","delta":0.8}],
            "industryIndex":null},
            "activity":{"decisions":100,"events":50,"lastEventAt":null,"eventsPerSecond":[{{{string.Join(',', Enumerable.Range(0, 60))}}}],
            "decisionsPerSecond":[{{{string.Join(',', new int[60])}}}]}}
            """.ReplaceLineEndings(""),
            answer.Text);
    }

    [Fact]
    public async Task A_brand_that_is_not_there_is_unknown()
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (string path in new[] { "pulse", $"history?metric=won&{Span}", "recount" })
        {
            Assert.Equal("catalogue.unknown_brand", (await api.GetAsync($"/v1/brands/nobody/{path}")).Code);
        }
    }

    [Fact]
    public async Task A_series_is_json_or_csv_as_the_caller_prefers()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Watch.Points = [new SeriesPoint(ScriptedHost.Start, 3), new SeriesPoint(ScriptedHost.Start + 3_600_000, -4_500_000)];
        const string Path = $"/v1/brands/aurora/history?metric=spend&{Span}";
        const string Json =
            """{"metric":"spend","by":"hour","points":[{"at":"2026-11-10T20:15:00.000Z","value":3},{"at":"2026-11-10T21:15:00.000Z","value":-4500000}]}""";
        foreach (string accept in new[] { "application/json", "*/*", "text/csv;q=0.5, application/json", "image/png", "text/*;q=0.1, */*", "nonsense" })
        {
            TestAnswer answer = await api.GetAsync(Path, ("Accept", accept));
            Assert.Equal(Json, answer.Text);
            Assert.Equal("Accept", answer.Headers["Vary"]);
        }

        foreach (string accept in new[] { "text/csv", "text/csv, */*;q=0.1", "text/csv, application/json;q=0.9", "text/*, application/*;q=0.2" })
        {
            TestAnswer answer = await api.GetAsync(Path, ("Accept", accept));
            Assert.Equal("text/csv", answer.ContentType);
            Assert.Equal("at,value\r\n2026-11-10T20:15:00.000Z,3\r\n2026-11-10T21:15:00.000Z,-4500000\r\n", answer.Text);
        }
    }

    [Theory]
    [InlineData("conversions")]
    [InlineData("credits")]
    [InlineData("organic")]
    [InlineData("assets_delta")]
    public async Task What_is_kept_in_millionths_is_shown_in_units(string metric)
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Watch.Points = [new SeriesPoint(ScriptedHost.Start, 1_500_000)];
        string path = $"/v1/brands/aurora/history?metric={metric}&{Span}&by=day";
        Assert.EndsWith("\"value\":1.5}]}", (await api.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.EndsWith(",1.5\r\n", (await api.GetAsync(path, ("Accept", "text/csv"))).Text, StringComparison.Ordinal);
        Assert.True(api.Watch.Asked[0].ByDay);
    }

    [Fact]
    public async Task The_query_reaches_the_host_as_it_was_meant()
    {
        await using TestApi api = await TestApi.StartAsync();
        await api.GetAsync("/v1/brands/aurora/history?metric=flow.none.awareness&from=2026-11-11T04:15:00%2B08:00&to=2026-11-10T20:15:00.001Z&by=hour");
        Assert.Equal(new SeriesQuery("flow.none.awareness", ScriptedHost.Start, ScriptedHost.Start + 1, false), Assert.Single(api.Watch.Asked));
    }

    [Theory]
    [InlineData("", "/metric missing", "/from missing", "/to missing")]
    [InlineData("metric=wonn&from=yesterday&to=1794341700&by=week", "/metric unknown_value", "/from bad_format", "/to bad_format", "/by unknown_value")]
    [InlineData("metric=won&metric=clicks&from=&to=2026-11-10T00:00:00Z&by=", "/metric duplicate_member", "/from missing", "/by missing")]
    [InlineData("metric=won&from=2026-11-10T00:00:00Z&to=2026-11-10T00:00:00Z", "/to out_of_range")]
    [InlineData("metric=won&from=2026-11-11T00:00:00Z&to=2026-11-10T00:00:00Z", "/to out_of_range")]
    [InlineData("metric=won&from=2024-09-01T00:00:00Z&to=2026-11-10T00:00:00.001Z", "/to out_of_range")]
    public async Task Every_fault_of_a_query_is_named_at_once(string query, params string[] faults)
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(faults, (await api.GetAsync($"/v1/brands/aurora/history?{query}")).Faults);
        Assert.Empty(api.Watch.Asked);
    }

    [Fact]
    public async Task Eight_hundred_days_are_taken()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(200, (int)(await api.GetAsync("/v1/brands/aurora/history?metric=won&from=2024-09-01T00:00:00Z&to=2026-11-10T00:00:00Z")).Status);
        Assert.Equal(800 * Durations.Day, api.Watch.Asked[0].To - api.Watch.Asked[0].From);
    }

    [Theory]
    [InlineData("cliks", "clicks")]
    [InlineData("stage.awarenes", "stage.awareness")]
    [InlineData("no_decision.frequencycap", "no_decision.frequency_cap")]
    [InlineData("flow.none.awarness", "flow.none.awareness")]
    public async Task A_mistyped_metric_is_told_what_it_was_meant_to_be(string metric, string meant)
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement fault = (await api.GetAsync($"/v1/brands/aurora/history?metric={metric}&{Span}")).Json.GetProperty("errors")[0];
        Assert.Contains($"did you mean \"{meant}\"?", fault.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recount_says_where_the_books_differ()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Watch.Report = new RecountReport(ScriptedHost.Start, [5, 6, 4, 3, 1, 2, 1, 0], [new RecountMismatch("stage.interest", 4, 5)]);
        Assert.Equal(
            """
            {"asOf":"2026-11-10T20:15:00.000Z","stages":{"none":5,"awareness":10,"interest":4,"purchase":2,"loyalty":1},
            "deeplink":{"discover":6,"engage":4,"enthuse":3,"perform":1,"initial":2,"numerous":1,"keen":0},
            "mismatches":[{"figure":"stage.interest","books":4,"counted":5}],"ok":false}
            """.ReplaceLineEndings(""),
            (await api.GetAsync("/v1/brands/aurora/recount")).Text);
    }

    [Fact]
    public async Task An_import_is_read_and_answered_as_events_are_but_is_no_event()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.PostAsync("/v1/imports", Bodies.Events(Bodies.Event, """{"eventId":"e-9","occurredAt":"2026-02-30T00:00:00Z"}"""));
        Assert.Equal(1, answer.Json.GetProperty("accepted").GetInt32());
        Assert.Equal("event.bad_value", answer.Json.GetProperty("results")[1].GetProperty("code").GetString());
        Assert.Equal("e-1", Assert.Single(api.Watch.Imported).EventId);
        Assert.True(api.Host.IsUntouched);
        Assert.Equal(["/events too_many"], (await api.PostAsync("/v1/imports", Bodies.Events([.. Enumerable.Repeat("{}", 1001)]))).Faults);
    }
}
