using Microsoft.Playwright;

namespace Decisioning.EndToEnd.Tests.Page;

/// <summary>One Chromium for all tests of the page; without one they are skipped by name, or fail where everything is required.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Path = "/usr/bin/chromium";
    private const string RequireAll = "DECISIONING_REQUIRE_ALL";
    private const string HowToGetIt = $"{Path} is missing: apt-get install chromium";

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser; the test is skipped where there is none.</summary>
    public IBrowser Browser
    {
        get
        {
            Assert.True(_browser is not null || Environment.GetEnvironmentVariable(RequireAll) != "1", HowToGetIt);
            Assert.SkipWhen(_browser is null, HowToGetIt);
            return _browser!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Path))
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Path, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
