using System.Security.Cryptography;
using System.Text;
using Decisioning.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Decisioning.EndToEnd.Tests.Page;

/// <summary>The page of a server that has keys.</summary>
public sealed class KeyEntryTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Key = "dk_the-page's-own-key";
    private const float Patience = 20_000;

    [Fact]
    public async Task A_key_is_asked_for_once_kept_for_the_tab_and_never_put_into_an_address()
    {
        Dictionary<string, string> configuration = new()
        {
            ["Keys__0__Id"] = "k-page",
            ["Keys__0__Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
            ["Keys__0__Roles"] = "watch,admin,consumer",
            ["Keys__0__Brands"] = "aurora",
        };
        await using TestServer server = await TestServer.StartAsync(configuration);
        await using OpenedPage page = await OpenedPage.OpenAsync(chromium.Browser, server.Url, new Look());
        List<string> addresses = [];
        page.Page.Request += (_, request) => addresses.Add(request.Url);
        page.Page.WebSocket += (_, socket) => addresses.Add(socket.Url);
        await Assertions.Expect(page.By("key-dialog")).ToBeVisibleAsync();
        await page.By("key-input").FillAsync("dk_wrong");
        await page.By("key-submit").ClickAsync();
        await Assertions.Expect(page.By("key-dialog")).ToContainTextAsync("does not know this key");
        await page.By("key-input").FillAsync(Key);
        await page.By("key-submit").ClickAsync();

        await Assertions.Expect(page.By("connection")).ToHaveAttributeAsync("data-state", "live", new() { Timeout = Patience });
        await Assertions.Expect(page.By("brand-card")).ToHaveCountAsync(1);
        await Assertions.Expect(page.By("card-link")).ToHaveAttributeAsync("data-value", "0", new() { Timeout = Patience });
        await page.Page.ReloadAsync();
        await Assertions.Expect(page.By("brand-card")).ToHaveCountAsync(1);
        await Assertions.Expect(page.By("key-dialog")).ToBeHiddenAsync();
        Assert.Contains(addresses, address => address.Contains("/hubs/pulse", StringComparison.Ordinal));
        Assert.DoesNotContain(addresses, address => Uri.UnescapeDataString(address).Contains("dk_", StringComparison.Ordinal));
    }
}
