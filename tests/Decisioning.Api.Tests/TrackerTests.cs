using System.Text;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;

namespace Decisioning.Api.Tests;

public class TrackerTests
{
    private static readonly DecisionRef Decision = new("c-42", 1, 1, 1, 1, 5, ScriptedHost.Start, 600, PriceModel.Cpm, 30_000);

    [Theory]
    [InlineData("i", EventType.Impression)]
    [InlineData("v", EventType.Viewable)]
    public async Task A_pixel_records_and_answers_with_a_GIF(string kind, EventType type)
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.GetAsync($"/t/{kind}/{Token(api)}");
        Assert.Equal((200, "image/gif", "no-store"), ((int)answer.Status, answer.ContentType, answer.Headers["Cache-Control"]));
        Assert.Equal("GIF89a", Encoding.ASCII.GetString(answer.Body, 0, 6));
        Assert.Equal((1, 1), (BitConverter.ToInt16(answer.Body, 6), BitConverter.ToInt16(answer.Body, 8)));
        Assert.Equal([(Decision, type)], api.Host.Tracked);
    }

    [Fact]
    public async Task A_click_goes_to_the_creatives_own_landing_page()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.GetAsync($"/t/c/{Token(api)}?url=https://evil.example");
        Assert.Equal((302, TestCatalogue.Landing, "no-store"), ((int)answer.Status, answer.Headers["Location"], answer.Headers["Cache-Control"]));
        Assert.Equal([(Decision, EventType.Click)], api.Host.Tracked);
    }

    [Fact]
    public async Task A_landing_page_beyond_ASCII_is_encoded()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.Catalogue = new CatalogueSnapshot([TestCatalogue.Brand("aurora", 1, "https://aurora.example/口红?q=é")], ServerSettings.Default, "2");
        Assert.Equal("https://aurora.example/%E5%8F%A3%E7%BA%A2?q=%C3%A9", (await api.GetAsync($"/t/c/{Token(api)}")).Headers["Location"]);
    }

    [Fact]
    public async Task A_click_on_what_has_left_the_catalogue_leads_nowhere_and_records_nothing()
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (CatalogueSnapshot catalogue in new[] { CatalogueSnapshot.Empty,
            new CatalogueSnapshot([TestCatalogue.Brand("aurora", 1, null)], ServerSettings.Default, "2") })
        {
            api.Host.Catalogue = catalogue;
            TestAnswer answer = await api.GetAsync($"/t/c/{Token(api)}");
            Assert.Equal((404, "token.no_landing"), ((int)answer.Status, answer.Code));
        }

        api.Host.Catalogue = TestCatalogue.Snapshot;
        Assert.Equal(404, (int)(await api.GetAsync($"/t/c/{Token(api, TokenRealm.Live, Decision with { Creative = 99 })}")).Status);
        Assert.Empty(api.Host.Tracked);
    }

    [Fact]
    public async Task An_erased_consumers_click_still_leads_on()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.TrackAnswer = false;
        Assert.Equal(302, (int)(await api.GetAsync($"/t/c/{Token(api)}")).Status);
        Assert.Equal(200, (int)(await api.GetAsync($"/t/i/{Token(api)}")).Status);
        Assert.Equal(204, (int)(await api.GetAsync($"/t/e/{Token(api)}?k=skip")).Status);
    }

    [Theory]
    [InlineData("watched", EventType.Watched)]
    [InlineData("skip", EventType.Skip)]
    [InlineData("engage", EventType.Engage)]
    [InlineData("dismiss", EventType.Dismiss)]
    public async Task An_interaction_is_recorded_by_GET_and_by_POST_of_whatever_a_beacon_sends(string kind, EventType type)
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(204, (int)(await api.GetAsync($"/t/e/{Token(api)}?k={kind}")).Status);
        Assert.Equal(204, (int)(await api.SendAsync("POST", $"/t/e/{Token(api)}?k={kind}", "ping", ("Content-Type", "text/plain"))).Status);
        Assert.Equal([(Decision, type), (Decision, type)], api.Host.Tracked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?k=")]
    [InlineData("?k=click")]
    [InlineData("?k=impression")]
    [InlineData("?k=Watched")]
    [InlineData("?k=skip&k=skip")]
    public async Task Another_kind_is_refused(string query)
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.GetAsync($"/t/e/{Token(api)}{query}");
        Assert.Equal((400, "request.invalid"), ((int)answer.Status, answer.Code));
        Assert.Empty(api.Host.Tracked);
    }

    [Theory]
    [InlineData("i")]
    [InlineData("v")]
    [InlineData("c")]
    [InlineData("e")]
    public async Task A_bad_token_is_404_and_records_nothing(string kind)
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = Token(api);
        foreach (string bad in new[] { "x", token[..^1], token + "A", token[1..], "B" + token[1..], new string('A', 600), "%C3%A9", token.Insert(9, "%20") })
        {
            TestAnswer answer = await api.GetAsync($"/t/{kind}/{bad}?k=skip");
            Assert.Equal((404, "token.unknown"), ((int)answer.Status, answer.Code));
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        }

        Assert.True(api.Host.IsUntouched);
        Assert.True(api.Sandbox.Host.IsUntouched);
    }

    [Fact]
    public async Task The_sandboxes_tokens_are_recorded_in_the_sandbox()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = Token(api, TokenRealm.Sandbox);
        await api.GetAsync($"/t/i/{token}");
        await api.GetAsync($"/t/c/{token}");
        Assert.Equal([(Decision, EventType.Impression), (Decision, EventType.Click)], api.Sandbox.Host.Tracked);
        Assert.True(api.Host.IsUntouched);
    }

    [Fact]
    public async Task A_tracker_that_cannot_be_recorded_is_503()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Host.Fault = new HostUnavailableException("No room.", TimeSpan.FromSeconds(1));
        foreach (string path in new[] { $"/t/i/{Token(api)}", $"/t/c/{Token(api)}", $"/t/e/{Token(api)}?k=skip" })
        {
            Assert.Equal("host.unavailable", (await api.GetAsync(path)).Code);
        }
    }

    private static string Token(TestApi api, TokenRealm realm = TokenRealm.Live, DecisionRef? decision = null)
    {
        byte[] text = new byte[TokenRing.MaxTextBytes];
        return Encoding.ASCII.GetString(text, 0, api.Tokens.Seal(DecisionFacts.Of(decision ?? Decision), realm, text));
    }
}
