using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Decisioning.EndToEnd.Tests.Page;

/// <summary>How the page is looked at.</summary>
/// <param name="Language">Of the browser, such as <c>en</c> or <c>zh-CN</c>.</param>
public sealed record Look(int Width = 1280, ColorScheme Theme = ColorScheme.Light, string Language = "en-GB");

/// <summary>The page in a browser of its own, by the names its elements carry for tests. Everything that goes wrong in it is kept.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private const int Height = 900;

    private readonly IBrowserContext _context;

    private OpenedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) => Keep(message.Type is "error" or "warning" ? $"console: {message.Text}" : null);
        page.PageError += (_, error) => Keep($"page: {error}");
        page.RequestFailed += (_, request) => Keep($"failed: {request.Url}");
        page.Response += (_, response) => Keep(response.Status >= 400 ? $"{response.Status}: {response.Url}" : null);
    }

    public IPage Page { get; }

    /// <summary>Console errors, failed requests, refusals.</summary>
    public List<string> Troubles { get; } = [];

    /// <summary>Opens an address and waits until the page has nothing under way.</summary>
    public static async Task<OpenedPage> OpenAsync(IBrowser browser, Uri url, Look look)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = look.Width, Height = Height },
            ColorScheme = look.Theme,
            Locale = look.Language,
            ReducedMotion = ReducedMotion.Reduce,
        });
        OpenedPage opened = new(context, await context.NewPageAsync());
        await opened.Page.GotoAsync(url.ToString());
        return opened;
    }

    public ILocator By(string name) => Page.GetByTestId(name);

    /// <summary>Presses what carries that name and waits until all it set off is done.</summary>
    public async Task PressAsync(string name)
    {
        await By(name).ClickAsync();
        await IdleAsync();
    }

    /// <summary>Waits until nothing runs.</summary>
    public Task IdleAsync() => Assertions.Expect(Page.Locator(".top")).Not.ToHaveAttributeAsync("data-busy", "true");

    public Task ExpectAsync(string name, string attribute, string value) => Assertions.Expect(By(name)).ToHaveAttributeAsync(attribute, value);

    public async Task<double> NumberAsync(string name, string attribute) =>
        double.Parse((await By(name).GetAttributeAsync(attribute))!, CultureInfo.InvariantCulture);

    /// <summary>A step of the story as it is told now.</summary>
    public Task ExpectStepAsync(string step, string status) =>
        Assertions.Expect(Page.Locator($"[data-testid=story-step][data-step={step}]")).ToHaveAttributeAsync("data-status", status);

    /// <summary>What the page decided, by its step.</summary>
    public async Task AskAsync(string step)
    {
        await PressAsync("ask");
        await ExpectAsync("creative", "data-step", step);
        await Assertions.Expect(By("creative")).ToHaveAttributeAsync("data-creative", new Regex(".+"));
    }

    /// <summary>What hangs out of the page sideways, or has words that hang out of their own box: its test names or classes.</summary>
    public Task<string[]> OverflowingAsync() => Page.EvaluateAsync<string[]>(
        """
        () => [...document.querySelectorAll('body *')]
          .filter(e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.right > innerWidth + 1 && !e.closest('.unseen, svg, .tabs, .table-frame'); })
          .concat([...document.querySelectorAll('body *')].filter(e =>
            e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'visible' && e.textContent !== '' && !e.closest('.unseen, svg')))
          .map(e => e.dataset.testid ?? `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`)
          .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])
        """);

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Keep(string? trouble)
    {
        if (trouble is not null)
        {
            Troubles.Add(trouble);
        }
    }
}
