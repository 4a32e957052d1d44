using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Tests.Storage;

namespace Decisioning.Engine.Tests;

/// <summary>The host on a real data folder.</summary>
public sealed class EmbeddedHostTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_fresh_folder_gets_everything_it_needs_and_a_second_start_finds_it_all()
    {
        string[] brands;
        await using (EmbeddedHost host = await OpenAsync())
        {
            Assert.True(await host.SeedDemoAsync("http://127.0.0.1:5080", Cancelled));
            brands = [.. host.Catalogue.Brands.Select(b => b.Id)];
            Assert.Equal(EventStatus.Accepted, (await RecordAsync(host, "e-1", EventType.Cart))[0].Status);
            DecideReply reply = await DecideAsync(host);
            Assert.Single(reply.Placements[0].Decisions);
            Assert.Equal(new HostHealth(true, null), host.Health);
        }

        Assert.True(File.Exists(_folder.File(IndustryFile.FileName)));
        await using EmbeddedHost again = await OpenAsync();
        Assert.Equal(0, again.RecoveredTurns);
        Assert.Equal(brands, again.Catalogue.Brands.Select(b => b.Id));
        ConsumerView view = (await again.ReadConsumerAsync("c-42", Cancelled))!;
        Assert.Equal(DeeplinkStage.Perform, Assert.Single(view.Brands).DeeplinkStage);
        Assert.Single(view.Brands[0].Decisions);
        Assert.Equal(EventStatus.Duplicate, (await RecordAsync(again, "e-1", EventType.Cart))[0].Status);
    }

    [Fact]
    public async Task A_folder_serves_one_process()
    {
        await using EmbeddedHost host = await OpenAsync();
        await Assert.ThrowsAsync<StorageException>(OpenAsync);
    }

    [Fact]
    public async Task A_closed_host_takes_nothing_more()
    {
        EmbeddedHost host = await OpenAsync();
        await host.DisposeAsync();
        await Assert.ThrowsAsync<HostUnavailableException>(() => RecordAsync(host, "e", EventType.Cart).AsTask());
        Assert.False(host.Health.Ready);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_broken_industry_table_is_refused_by_name_and_the_folder_let_go()
    {
        File.WriteAllText(_folder.File(IndustryFile.FileName), "{ \"beauty\": { \"cart\": -1 } }");
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
        Assert.Contains(IndustryFile.FileName, refused.Message, StringComparison.Ordinal);
        Assert.Contains("/beauty/cart", refused.Message, StringComparison.Ordinal);
        File.Delete(_folder.File(IndustryFile.FileName));
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task An_erased_id_is_in_no_file()
    {
        await using EmbeddedHost host = await OpenAsync();
        await host.SeedDemoAsync("http://127.0.0.1:5080", Cancelled);
        await RecordAsync(host, "e-1", EventType.Cart);
        await host.RunUpkeepAsync(Cancelled);
        await RecordAsync(host, "e-2", EventType.View);
        Assert.NotEmpty(DatabasesWith("c-42"u8));
        Assert.NotNull(await host.EraseConsumerAsync("c-42", Cancelled));
        Assert.Empty(DatabasesWith("c-42"u8));
    }

    private List<string> DatabasesWith(ReadOnlySpan<byte> bytes)
    {
        List<string> found = [];
        foreach (string file in Directory.GetFiles(_folder.Path, "*.db*"))
        {
            if (File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0)
            {
                found.Add(file);
            }
        }

        return found;
    }

    private Task<EmbeddedHost> OpenAsync() => EmbeddedHost.OpenAsync(new EngineOptions { DataFolder = _folder.Path }, TimeProvider.System, Cancelled);

    private static ValueTask<EventResult[]> RecordAsync(EmbeddedHost host, string id, EventType type) => host.RecordAsync(
        [new EventCommand { EventId = id, Type = type, ConsumerId = "c-42", Brand = DemoCatalogue.BorealisId, OccurredAt = host.Now }], host.Catalogue, Cancelled);

    private static ValueTask<DecideReply> DecideAsync(EmbeddedHost host)
    {
        DecideCommand command = new() { ConsumerId = "c-42", Catalogue = host.Catalogue, Brands = [host.Catalogue.Find(DemoCatalogue.BorealisId)!], Consent = true };
        command.Placements.Add(new PlacementCommand { Id = "p", Formats = 0xF, Count = 1, ConfirmAtDecision = false });
        return host.DecideAsync(command, Cancelled);
    }
}
