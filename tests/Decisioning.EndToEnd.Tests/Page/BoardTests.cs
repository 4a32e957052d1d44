using System.Globalization;
using System.Text.RegularExpressions;
using Decisioning.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Decisioning.EndToEnd.Tests.Page;

/// <summary>The live pages of the brands, in Chromium, against a server of its own that is driven through its API.</summary>
public sealed class BoardTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Brand = "borealis";
    private const string Live = $"/#/brands/{Brand}";

    /// <summary>Longer than any frame needs, on a machine that does much else.</summary>
    private const float Patience = 20_000;

    /// <summary>Where pictures of the page go, for people to look at; nowhere where it is not set.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("DECISIONING_PICTURES");

    private TestServer? _server;

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task The_overview_shows_every_brand_and_leads_to_it()
    {
        await using OpenedPage page = await OpenAsync("/");
        await Assertions.Expect(page.By("brand-card")).ToHaveCountAsync(2);
        await HasAsync(Card(page), "data-value", "0");
        await MeetAsync();
        await HasAsync(Card(page), "data-value", "1");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Borealis Coffee" }).ClickAsync();
        await Assertions.Expect(page.By("brand-name")).ToHaveTextAsync("Borealis Coffee");
        await HasAsync(page.By("tile-link"), "data-value", "1");
        Assert.Empty(page.Troubles);
    }

    [Fact]
    public async Task What_happens_is_seen_on_the_brands_page_without_asking()
    {
        await using OpenedPage page = await OpenAsync(Live);
        await HasAsync(Stage(page, "awareness"), "data-value", "0");
        string consumer = await MeetAsync();
        await HasAsync(Stage(page, "awareness"), "data-value", "1");
        await HasAsync(Funnel(page, "first-cup", "viewable"), "data-value", "1");
        await HasAsync(page.Page.Locator("[data-testid=step][data-step=runway]"), "data-value", "1");
        await Server.Api.PostAsync("/v1/events", Bodies.Events(Bodies.Event(consumer, Brand, "cart")));
        await HasAsync(Stage(page, "interest"), "data-value", "1");
        await HasAsync(Stage(page, "awareness"), "data-value", "0");
        await HasAsync(page.By("tile-link"), "data-value", "1");
        await PictureAsync(page, "brand-live");
        Assert.Empty(page.Troubles);
    }

    [Fact]
    public async Task A_campaign_is_paused_wins_nothing_and_goes_on_when_that_is_taken_back()
    {
        await using OpenedPage page = await OpenAsync(Live);
        await page.By("pause-campaigns-first-cup").ClickAsync();
        await HasAsync(Campaign(page), "data-status", "paused");
        Play paused = new(Server.Api, Brand, Way.Trackers);
        Assert.Null(await paused.AskAsync());

        await page.By("tab-audit").ClickAsync();
        await Assertions.Expect(page.By("audit-row")).ToHaveCountAsync(1 + await DemoEntriesAsync());
        await page.By("undo-campaigns-first-cup").ClickAsync();
        await Assertions.Expect(page.By("audit-row")).ToHaveCountAsync(2 + await DemoEntriesAsync());
        Assert.NotNull(await paused.AskAsync());
        await page.By("tab-live").ClickAsync();
        await HasAsync(Campaign(page), "data-status", "active");
        Assert.Empty(page.Troubles);
    }

    [Fact]
    public async Task A_server_that_was_killed_is_found_again_with_its_figures()
    {
        await using OpenedPage page = await OpenAsync(Live);
        await HasAsync(page.By("connection"), "data-state", "live");
        await MeetAsync();
        await HasAsync(page.By("tile-link"), "data-value", "1");
        await Server.KillAsync();
        await Assertions.Expect(page.By("connection")).ToHaveAttributeAsync("data-state", new Regex("reconnecting|offline"), new() { Timeout = Patience });
        await PictureAsync(page, "brand-lost");
        await Server.StartAgainAsync();
        await HasAsync(page.By("connection"), "data-state", "live");
        await MeetAsync();
        await HasAsync(page.By("tile-link"), "data-value", "2");
    }

    [Fact]
    public async Task A_consumers_journey_moves_while_it_is_looked_at()
    {
        string consumer = await MeetAsync();
        await using OpenedPage page = await OpenAsync($"{Live}/consumers");
        await page.By("consumer-search").FillAsync(consumer);
        await page.By("consumer-open").ClickAsync();
        await HasAsync(page.By("consumer"), "data-stage", "awareness");
        await Assertions.Expect(page.By("consumer-decisions").GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await Server.Api.PostAsync("/v1/events", Bodies.Events(Bodies.Event(consumer, Brand, "cart")));
        await HasAsync(page.By("consumer"), "data-stage", "interest");
        await PictureAsync(page, "consumer");
        Assert.Empty(page.Troubles);
    }

    [Fact]
    public async Task History_is_drawn_beside_yesterday_and_downloaded_as_csv()
    {
        await MeetAsync();
        await using OpenedPage page = await OpenAsync(Live);
        await HasAsync(page.By("tile-link"), "data-value", "1");
        await page.By("tab-history").ClickAsync();
        await Assertions.Expect(page.By("history-sum")).ToContainTextAsync("1");
        await Assertions.Expect(page.Page.Locator(".chart-history canvas")).ToBeVisibleAsync();
        IDownload file = await page.Page.RunAndWaitForDownloadAsync(() => page.By("history-csv").ClickAsync());
        Assert.Equal("borealis-won-hour.csv", file.SuggestedFilename);
        string[] lines = await File.ReadAllLinesAsync(await file.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal("at,value", lines[0]);
        Assert.Equal(1, lines.Skip(1).Sum(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)));
        Assert.Empty(page.Troubles);
    }

    [Theory]
    [InlineData(1400, ColorScheme.Light, "en-GB")]
    [InlineData(1280, ColorScheme.Light, "en-GB")]
    [InlineData(1280, ColorScheme.Dark, "zh-CN")]
    [InlineData(1000, ColorScheme.Light, "zh-CN")]
    [InlineData(400, ColorScheme.Light, "zh-CN")]
    [InlineData(400, ColorScheme.Dark, "en-GB")]
    public async Task It_fits_every_width_theme_and_language(int width, ColorScheme theme, string language)
    {
        string consumer = await MeetAsync();
        await using OpenedPage page = await OpenAsync("/", new Look(width, theme, language));
        foreach (string view in new[] { "/", Live, $"{Live}/history", $"{Live}/audit", $"{Live}/consumers/{consumer}" })
        {
            await page.Page.GotoAsync(new Uri(Server.Url, view).ToString());
            await HasAsync(page.By("connection"), "data-state", "live");
            await Assertions.Expect(page.Page.Locator("h1")).Not.ToBeEmptyAsync();
            await page.IdleAsync();
            await PictureAsync(page, $"board-{width}-{theme}-{language}-{view.Split('/')[^1]}");
            Assert.Empty(await page.OverflowingAsync());
            Assert.Equal(language == "zh-CN", (await page.By("go-overview").InnerTextAsync()).Any(c => c >= 0x4E00));
        }

        Assert.Empty(page.Troubles);
    }

    [Fact]
    public async Task Language_and_theme_change_at_once_and_are_kept()
    {
        await using OpenedPage page = await OpenAsync(Live);
        await HasAsync(page.By("tile-link"), "data-value", "0");
        await page.By("lang-zh").ClickAsync();
        await Assertions.Expect(page.By("tab-live")).ToHaveTextAsync("实时");
        await page.By("theme-toggle").ClickAsync();
        await page.By("theme-toggle").ClickAsync();
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.Page.ReloadAsync();
        await Assertions.Expect(page.By("tab-live")).ToHaveTextAsync("实时");
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Empty(page.Troubles);
    }

    /// <summary>Someone new sees a creative; his id.</summary>
    private async Task<string> MeetAsync()
    {
        Play play = new(Server.Api, Brand, Way.Trackers);
        await play.InteractAsync((await play.AskAsync())!, "viewable");
        return play.Consumer;
    }

    /// <summary>What the audit trail held before anybody changed anything: the demo's own entries.</summary>
    private async Task<int> DemoEntriesAsync() =>
        (await Server.Api.GetAsync($"/v1/brands/{Brand}/audit")).Ok().Json.AsArray().Count(entry => entry!.Text("action") != "patch");

    private Task<OpenedPage> OpenAsync(string path, Look? look = null) => OpenedPage.OpenAsync(chromium.Browser, new Uri(Server.Url, path), look ?? new Look());

    private static Task HasAsync(ILocator locator, string attribute, string value) =>
        Assertions.Expect(locator).ToHaveAttributeAsync(attribute, value, new() { Timeout = Patience });

    private static ILocator Card(OpenedPage page) => page.Page.Locator($"[data-testid=brand-card][data-brand={Brand}] [data-testid=card-link]");

    private static ILocator Stage(OpenedPage page, string stage) => page.Page.Locator($"[data-testid=stage-count][data-stage={stage}]");

    private static ILocator Campaign(OpenedPage page) => page.Page.Locator("[data-testid=campaign][data-campaign=first-cup]");

    private static ILocator Funnel(OpenedPage page, string campaign, string step) =>
        page.Page.Locator($"[data-testid=campaign][data-campaign={campaign}] [data-testid=funnel-step][data-name={step}]");

    private static async Task PictureAsync(OpenedPage page, string name)
    {
        if (Pictures is not null)
        {
            await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}.png"), FullPage = true });
        }
    }
}
