using System.Text;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Sandbox;
using Decisioning.Engine.Tests.Storage;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Books;

/// <summary>The whole of it on a data folder, by its own beats, with real timers and a clock that can be moved forward.</summary>
public sealed class StoredBooksTests : IDisposable
{
    private const string Brand = "acme";

    private readonly TestFolder _folder = new();
    private readonly SandboxClock _clock = new(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Books_and_calendar_keep_up_by_themselves_and_over_a_restart()
    {
        long sent = 0;
        await using (EmbeddedHost host = await OpenAsync())
        {
            await host.PutBrandAsync(Brand, Encoding.UTF8.GetBytes(Brands.Simple()), null, "test", Cancelled);
            for (; sent < 500; sent++)
            {
                await RecordAsync(host, $"e-{sent}", sent % 5 == 0 ? EventType.Purchase : EventType.Cart, $"c-{sent}");
            }

            BrandPulse pulse = await WhenAsync(host, p => p.Activity.Events == sent);
            Assert.Equal((100, 400), (pulse.Deeplink[(int)DeeplinkStage.Initial], pulse.Deeplink[(int)DeeplinkStage.Perform]));
            Assert.NotNull((await WhenAsync(host, p => p.Assets.AccountingDay is not null)).Assets.AccountingDay);
        }

        _clock.Advance(TimeSpan.FromDays(16));
        await using (EmbeddedHost host = await OpenAsync())
        {
            BrandPulse pulse = await WhenAsync(host, p => p.Deeplink[(int)DeeplinkStage.None] == 400);
            Assert.Equal((100, sent), (pulse.Deeplink[(int)DeeplinkStage.Initial], pulse.Activity.Events));
            Assert.True((await host.RecountAsync(Brand, Cancelled))!.Ok);

            await host.PutBrandAsync(
                Brand, Encoding.UTF8.GetBytes(Brands.Simple().Replace("\"rules\": {", "\"rules\": { \"windows\": { \"purchase\": \"10d\" },", StringComparison.Ordinal)), null, "test", Cancelled);
            await WhenAsync(host, p => !p.Reclassifying && p.Deeplink[(int)DeeplinkStage.None] == 500);
            Assert.True((await host.RecountAsync(Brand, Cancelled))!.Ok);
            Assert.Null(host.BackgroundTrouble);
        }
    }

    public void Dispose() => _folder.Dispose();

    private Task<EmbeddedHost> OpenAsync() => EmbeddedHost.OpenAsync(
        new EngineOptions { DataFolder = _folder.Path, BooksEvery = TimeSpan.FromMilliseconds(5), CalendarEvery = TimeSpan.FromMilliseconds(5), RulesEvery = TimeSpan.FromMilliseconds(5) },
        _clock, Cancelled);

    private async Task RecordAsync(EmbeddedHost host, string id, EventType type, string consumer) => await host.RecordAsync(
        [
            new EventCommand
            {
                EventId = id,
                Type = type,
                ConsumerId = consumer,
                Brand = Brand,
                OccurredAt = host.Now,
                OrderId = type == EventType.Purchase ? id : null,
                Value = type == EventType.Purchase ? 1_000_000 : null,
                Currency = type == EventType.Purchase ? "EUR" : null,
            },
        ],
        host.Catalogue,
        Cancelled);

    private async Task<BrandPulse> WhenAsync(EmbeddedHost host, Func<BrandPulse, bool> condition)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        BrandPulse pulse;
        do
        {
            await timer.WaitForNextTickAsync(patience.Token);
            pulse = host.ReadPulse(Brand)!;
        }
        while (!condition(pulse));
        return pulse;
    }
}
