using Decisioning.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Decisioning.EndToEnd.Tests.Page;

/// <summary>Playing one consumer on the page, in Chromium, against a server of its own.</summary>
public sealed class PlayTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    // One cart of a brand of the industry food, whose carts weigh a tenth more; up to half an hour old, for its age is taken from the middle of its hour.
    private const double CartNow = 66.65;

    /// <summary>Where pictures of the page go, for people to look at; nowhere where it is not set.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("DECISIONING_PICTURES");

    private TestServer? _server;

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task A_person_plays_a_consumer_from_the_runway_to_care()
    {
        await using OpenedPage page = await OpenAsync(new Look());
        await StandsAsync(page, "none", "none");
        await Assertions.Expect(page.By("do-viewable")).ToHaveAttributeAsync("aria-disabled", "true");
        await page.AskAsync("runway");
        await page.PressAsync("do-viewable");
        await StandsAsync(page, "awareness", "discover");
        await page.AskAsync("runway");
        await page.PressAsync("do-watched");
        await StandsAsync(page, "awareness", "engage");
        await page.ExpectStepAsync("review", "next");
        await page.AskAsync("review");
        await page.PressAsync("do-click");

        await page.PressAsync("act-cart");
        await StandsAsync(page, "interest", "perform");
        Assert.Equal(CartNow, await page.NumberAsync("intent", "data-value"), 0.1);
        await page.AskAsync("vr");
        await page.PressAsync("advance-1d");
        await StandsAsync(page, "interest", "perform");
        Assert.True(await page.NumberAsync("intent", "data-value") < CartNow - 2);

        await page.PressAsync("act-purchase");
        await StandsAsync(page, "purchase", "initial");
        await Assertions.Expect(page.Page.Locator("[data-testid=storyline][data-storyline=launch]")).ToHaveAttributeAsync("data-status", "exited");
        await page.AskAsync("care");
        await page.PressAsync("advance-15d");
        await StandsAsync(page, "purchase", "initial");
        Assert.True(await page.By("timeline-entry").CountAsync() >= 12);
        await Assertions.Expect(page.By("error")).ToBeHiddenAsync();
        Assert.Empty(page.Troubles);
    }

    [Fact]
    public async Task Days_that_pass_take_a_consumer_back_to_the_start()
    {
        await using OpenedPage page = await OpenAsync(new Look());
        await page.AskAsync("runway");
        await page.PressAsync("do-viewable");
        await page.PressAsync("advance-15d");
        await page.PressAsync("advance-1h");
        await StandsAsync(page, "none", "none");
        await page.AskAsync("runway");
        await page.PressAsync("new-consumer");
        await StandsAsync(page, "none", "none");
        await Assertions.Expect(page.By("timeline-entry")).ToHaveCountAsync(1);
        await page.AskAsync("runway");
        Assert.Empty(page.Troubles);
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light, "en-GB")]
    [InlineData(1280, ColorScheme.Dark, "zh-CN")]
    [InlineData(400, ColorScheme.Light, "zh-CN")]
    [InlineData(400, ColorScheme.Dark, "en-GB")]
    [InlineData(1000, ColorScheme.Light, "en-GB")]
    public async Task It_fits_every_width_theme_and_language(int width, ColorScheme theme, string language)
    {
        await using OpenedPage page = await OpenAsync(new Look(width, theme, language));
        await PictureAsync(page, $"start-{width}-{theme}-{language}");
        Assert.Empty(await page.OverflowingAsync());
        await page.AskAsync("runway");
        await page.PressAsync("do-watched");
        await page.PressAsync("act-cart");
        await page.AskAsync("vr");
        await PictureAsync(page, $"vr-{width}-{theme}-{language}");
        Assert.Empty(await page.OverflowingAsync());

        bool chinese = language == "zh-CN";
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", chinese ? "zh-CN" : "en");
        Assert.Equal(chinese, (await page.By("ask").InnerTextAsync()).Any(c => c >= 0x4E00));
        string ground = await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        Assert.Equal(theme == ColorScheme.Dark, ground == "rgb(15, 17, 20)");
        Assert.Empty(page.Troubles);
    }

    [Fact]
    public async Task Language_and_theme_are_chosen_and_kept()
    {
        await using OpenedPage page = await OpenAsync(new Look());
        await page.PressAsync("lang-zh");
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await page.PressAsync("theme-toggle");
        await page.PressAsync("theme-toggle");
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.Page.ReloadAsync();
        await page.IdleAsync();
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Empty(page.Troubles);
    }

    [Fact]
    public async Task One_decision_is_played_by_keyboard_alone()
    {
        await using OpenedPage page = await OpenAsync(new Look());
        await TabToAsync(page, "ask");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.IdleAsync();
        await page.ExpectAsync("creative", "data-step", "runway");
        await TabToAsync(page, "do-viewable");
        await page.Page.Keyboard.PressAsync("Space");
        await page.IdleAsync();
        await StandsAsync(page, "awareness", "discover");
        Assert.Equal("do-viewable", await FocusedAsync(page));
        bool outlined = await page.Page.EvaluateAsync<bool>("() => getComputedStyle(document.activeElement).outlineStyle !== 'none'");
        Assert.True(outlined, "The focus is not to be seen.");
        await TabToAsync(page, "act-cart");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.IdleAsync();
        await StandsAsync(page, "interest", "perform");
    }

    [Fact]
    public async Task A_server_that_is_gone_is_shown_and_one_that_is_back_is_found()
    {
        await using OpenedPage page = await OpenAsync(new Look());
        await page.AskAsync("runway");
        await page.ExpectAsync("connection", "data-state", "online");
        await Server.KillAsync();
        await page.PressAsync("ask");
        await page.ExpectAsync("connection", "data-state", "offline");
        await Assertions.Expect(page.By("error")).ToBeVisibleAsync();
        await PictureAsync(page, "offline");
        await Server.StartAgainAsync();
        await page.PressAsync("error-retry");
        await page.ExpectAsync("connection", "data-state", "online");
        await Assertions.Expect(page.By("error")).ToBeHiddenAsync();
        await page.AskAsync("runway");
    }

    [Fact]
    public async Task A_refusal_is_shown_with_its_reason()
    {
        await using OpenedPage page = await OpenAsync(new Look());
        await page.By("brand-select").SelectOptionAsync("aurora");
        await page.IdleAsync();
        await page.PressAsync("profile");
        await page.By("profile-country").SelectOptionAsync("GB");
        await page.IdleAsync();
        await page.PressAsync("ask");
        await Assertions.Expect(page.By("no-decision")).ToHaveAttributeAsync("data-reason", "no_step");
        await PictureAsync(page, "refused");
        Assert.Empty(page.Troubles);
    }

    [Theory]
    [InlineData("/demo/aurora/runway-a")]
    [InlineData("/demo/borealis/virtual-tasting")]
    [InlineData("/demo/borealis/landing/harvest")]
    [InlineData("/demo/aurora/landing/vr")]
    public async Task The_demo_brands_media_are_drawn(string path)
    {
        foreach (Look look in new[] { new Look(), new Look(400, ColorScheme.Dark, "zh-CN") })
        {
            await using OpenedPage page = await OpenedPage.OpenAsync(chromium.Browser, new Uri(Server.Url, path), look);
            await Assertions.Expect(page.Page.Locator("svg.picture").First).ToBeVisibleAsync();
            await Assertions.Expect(page.Page.Locator("h1")).Not.ToBeEmptyAsync();
            Assert.Empty(await page.OverflowingAsync());
            await PictureAsync(page, $"{path[1..].Replace('/', '-')}-{look.Width}");
            Assert.Empty(page.Troubles);
        }
    }

    private async Task<OpenedPage> OpenAsync(Look look)
    {
        OpenedPage page = await OpenedPage.OpenAsync(chromium.Browser, new Uri(Server.Url, "/#/play"), look);
        await page.IdleAsync();
        await page.By("brand-select").SelectOptionAsync("borealis");
        await page.IdleAsync();
        return page;
    }

    private static async Task StandsAsync(OpenedPage page, string stage, string deeplink)
    {
        await page.ExpectAsync("stage", "data-stage", stage);
        await page.ExpectAsync("deeplink-stage", "data-stage", deeplink);
    }

    private static async Task TabToAsync(OpenedPage page, string name)
    {
        const int Furthest = 60;
        for (int i = 0; i < Furthest && await FocusedAsync(page) != name; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Equal(name, await FocusedAsync(page));
    }

    private static Task<string?> FocusedAsync(OpenedPage page) => page.Page.EvaluateAsync<string?>("() => document.activeElement?.getAttribute('data-testid')");

    private static async Task PictureAsync(OpenedPage page, string name)
    {
        if (Pictures is not null)
        {
            await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}.png"), FullPage = true });
        }
    }
}
