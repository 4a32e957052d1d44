using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Catalogues;

public sealed class CatalogueRoomTests
{
    private readonly TestWorld _world = new();

    private EmbeddedHost Host => _world.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_is_live_durable_and_in_the_audit_trail_when_it_is_answered()
    {
        await _world.ReopenAsync();
        byte[] document = Encoding.UTF8.GetBytes(Brands.Simple());
        CatalogueChange first = await Host.PutBrandAsync("acme", document, null, "key-1", Cancelled);
        Assert.Equal((CatalogueOutcome.Done, "1"), (first.Outcome, first.Version));
        string version = Host.Catalogue.Version;
        CatalogueChange second = await Host.PutBrandAsync("acme", document, "1", "key-2", Cancelled);
        Assert.Equal("2", second.Version);
        Assert.Equal("2", Host.Catalogue.Find("acme")!.Version);
        Assert.NotEqual(version, Host.Catalogue.Version);
        Assert.Equal(document, (await Host.ReadBrandAsync("acme", Cancelled))!.Value.ToArray());

        string live = Host.Catalogue.Version;
        await _world.CrashAsync();
        Assert.Equal(live, Host.Catalogue.Version);
        Assert.Equal(
            [new AuditEntry(_world.Clock.Now, "key-1", "put", "", null, "1"), new AuditEntry(_world.Clock.Now, "key-2", "put", "", "1", "2")],
            await Host.ReadAuditAsync("acme", Cancelled));
    }

    [Fact]
    public async Task What_was_fixed_at_creation_outlives_a_restart_where_a_later_document_leaves_it_out()
    {
        await _world.ReopenAsync();
        await _world.PutAsync("""{ "timeZone": "Asia/Shanghai", "currency": "CNY" }""");
        await _world.PutAsync("{}");
        await _world.CrashAsync();
        BrandSnapshot brand = Host.Catalogue.Find("acme")!;
        Assert.Equal(("CNY", "Asia/Shanghai"), (brand.Currency, brand.Calendar.Zone.Id));
        CatalogueChange other = await Host.PutBrandAsync("acme", """{ "currency": "USD" }"""u8.ToArray(), null, "key-1", Cancelled);
        Assert.Equal(("/currency", FaultCodes.Fixed), (Assert.Single(other.Faults).Pointer, other.Faults[0].Code));
    }

    [Fact]
    public async Task A_faulty_document_changes_nothing_and_names_its_faults()
    {
        await _world.OpenAsync();
        CatalogueSnapshot before = Host.Catalogue;
        CatalogueChange change = await Host.PutBrandAsync("acme", "{ \"nmae\": 1 }"u8.ToArray(), null, "key-1", Cancelled);
        Assert.Equal(CatalogueOutcome.Invalid, change.Outcome);
        Assert.Contains(change.Faults, f => f.Pointer == "/nmae");
        Assert.Same(before, Host.Catalogue);
        Assert.Single(await Host.ReadAuditAsync("acme", Cancelled));
    }

    [Fact]
    public async Task A_document_is_only_replaced_where_it_is_the_one_expected()
    {
        await _world.OpenAsync();
        byte[] document = Encoding.UTF8.GetBytes(Brands.Simple());
        CatalogueChange conflict = await Host.PutBrandAsync("acme", document, "7", "key-1", Cancelled);
        Assert.Equal((CatalogueOutcome.VersionConflict, "1"), (conflict.Outcome, conflict.Version));
        Assert.Equal(CatalogueOutcome.VersionConflict, (await Host.PutBrandAsync("new", document, "1", "key-1", Cancelled)).Outcome);
        Assert.Equal(CatalogueOutcome.VersionConflict, (await Host.DeleteBrandAsync("acme", "7", "key-1", Cancelled)).Outcome);
        Assert.Equal(CatalogueOutcome.NotFound, (await Host.DeleteBrandAsync("new", null, "key-1", Cancelled)).Outcome);
        Assert.Equal("1", Host.Catalogue.Find("acme")!.Version);
    }

    [Fact]
    public async Task A_deleted_brand_keeps_its_numbers_for_when_it_comes_back()
    {
        await _world.OpenAsync();
        await _world.PutAsync(Brands.Simple(), "second");
        BrandSnapshot before = Host.Catalogue.Find("acme")!;
        Assert.Equal(CatalogueOutcome.Done, (await Host.DeleteBrandAsync("acme", "1", "key-1", Cancelled)).Outcome);
        Assert.Null(Host.Catalogue.Find("acme"));
        Assert.Null(await Host.ReadBrandAsync("acme", Cancelled));
        await _world.CrashAsync();
        Assert.Null(Host.Catalogue.Find("acme"));
        await _world.PutAsync(Brands.Simple(), "third");
        await _world.PutAsync(Brands.Simple());
        BrandSnapshot after = Host.Catalogue.Find("acme")!;
        Assert.Equal((before.Symbol, "2"), (after.Symbol, after.Version));
        Assert.Equal(before.Symbols.Names(SymbolKind.Creative), after.Symbols.Names(SymbolKind.Creative));
        Assert.Equal(3, Host.Catalogue.Brands.Select(b => b.Symbol).Distinct().Count());
        Assert.Equal(["put", "delete", "put"], (await Host.ReadAuditAsync("acme", Cancelled)).Select(a => a.Action));
    }

    [Fact]
    public async Task A_status_takes_effect_at_once_and_is_audited_by_path()
    {
        await _world.OpenAsync();
        CatalogueChange paused = await Host.SetStatusAsync("acme", SymbolKind.Campaign, "c", true, "key-1", Cancelled);
        Assert.Equal((CatalogueOutcome.Done, "2"), (paused.Outcome, paused.Version));
        Assert.Null(await _world.ChooseAsync());
        CatalogueChange again = await Host.SetStatusAsync("acme", SymbolKind.Campaign, "c", true, "key-1", Cancelled);
        Assert.Equal((CatalogueOutcome.Done, "2"), (again.Outcome, again.Version));
        await _world.CrashAsync();
        Assert.Null(await _world.ChooseAsync());
        await Host.SetStatusAsync("acme", SymbolKind.Campaign, "c", false, "key-1", Cancelled);
        Assert.NotNull(await _world.ChooseAsync());
        await Host.SetStatusAsync("acme", SymbolKind.Creative, "b", true, "key-2", Cancelled);
        Assert.Equal(
            [("put", "", null, "1"), ("patch", "/campaigns/c/status", "active", "paused"), ("patch", "/campaigns/c/status", "paused", "active"),
                ("patch", "/creatives/b/status", "active", "paused")],
            (await Host.ReadAuditAsync("acme", Cancelled)).Select(a => (a.Action, a.Path, a.Before, a.After)));
        Assert.Equal(CatalogueOutcome.NotFound, (await Host.SetStatusAsync("acme", SymbolKind.Creative, "nope", true, "k", Cancelled)).Outcome);
        Assert.Equal(CatalogueOutcome.NotFound, (await Host.SetStatusAsync("nope", SymbolKind.Creative, "b", true, "k", Cancelled)).Outcome);
    }

    [Fact]
    public async Task Settings_are_live_durable_and_part_of_the_version()
    {
        await _world.OpenAsync();
        string version = Host.Catalogue.Version;
        CatalogueChange change = await Host.PutSettingsAsync("{ \"caps\": [ { \"max\": 1, \"per\": \"1d\" } ] }"u8.ToArray(), "key-1", Cancelled);
        Assert.Equal(CatalogueOutcome.Done, change.Outcome);
        Assert.NotEqual(version, Host.Catalogue.Version);
        Assert.NotNull(await _world.ChooseAsync());
        Assert.Null(await _world.ChooseAsync());
        await _world.CrashAsync();
        Assert.Equal(1, Assert.Single(Host.Catalogue.Settings.Caps).Max);
        Assert.Equal(CatalogueOutcome.Invalid, (await Host.PutSettingsAsync("{ \"cups\": [] }"u8.ToArray(), "key-1", Cancelled)).Outcome);
    }

    [Fact]
    public async Task Changes_at_the_same_time_come_one_after_another()
    {
        await _world.OpenAsync();
        byte[] document = Encoding.UTF8.GetBytes(Brands.Simple());
        CatalogueChange[] changes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => Host.PutBrandAsync("acme", document, null, "key-1", Cancelled).AsTask(), Cancelled)));
        Assert.Equal(Enumerable.Range(2, 20), changes.Select(c => int.Parse(c.Version!, System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal("21", Host.Catalogue.Find("acme")!.Version);
    }

    [Fact]
    public async Task A_pause_does_not_wait_for_a_document_that_is_being_compiled()
    {
        await _world.OpenAsync();
        CatalogueChange put = await PutMeanwhileAsync("acme", () => Host.SetStatusAsync("acme", SymbolKind.Campaign, "c", true, "key-2", Cancelled));
        Assert.Equal(("3", "3"), (put.Version, Host.Catalogue.Find("acme")!.Version));
        Assert.Equal(
            [("put", null, "1"), ("patch", "active", "paused"), ("put", "2", "3")], (await Host.ReadAuditAsync("acme", Cancelled)).Select(a => (a.Action, a.Before, a.After)));
    }

    [Fact]
    public async Task A_document_is_compiled_against_what_stands_when_its_turn_comes()
    {
        await _world.OpenAsync();
        await PutMeanwhileAsync("first", () => Host.PutBrandAsync("second", Encoding.UTF8.GetBytes(Brands.Simple()), null, "key-2", Cancelled));
        Assert.Equal([("acme", 1), ("first", 3), ("second", 2)], Host.Catalogue.Brands.Select(b => (b.Id, b.Symbol)));

        // Gone meanwhile, it comes back as a brand whose consumers are to be gone over.
        await PutMeanwhileAsync("acme", () => Host.DeleteBrandAsync("acme", null, "key-2", Cancelled));
        Assert.Equal((1, "2"), (Host.Catalogue.Find("acme")!.Symbol, Host.Catalogue.Find("acme")!.Version));
        Assert.Equal([1], PendingRules.Read(_world.Store));
    }

    [Fact]
    public async Task Both_demo_brands_are_put_where_there_never_was_one_and_only_there()
    {
        await _world.ReopenAsync();
        Assert.True(await Host.SeedDemoAsync("http://127.0.0.1:5080", Cancelled));
        Assert.Equal([DemoCatalogue.AuroraId, DemoCatalogue.BorealisId], Host.Catalogue.Brands.Select(b => b.Id));
        Assert.NotEmpty((await _world.DecideAsync()).Placements[0].Decisions);
        await Host.DeleteBrandAsync(DemoCatalogue.AuroraId, null, "k", Cancelled);
        await Host.DeleteBrandAsync(DemoCatalogue.BorealisId, null, "k", Cancelled);
        await _world.CrashAsync();
        Assert.False(await Host.SeedDemoAsync("http://127.0.0.1:5080", Cancelled));
        Assert.Empty(Host.Catalogue.Brands);
    }

    [Fact]
    public async Task A_stored_document_that_no_longer_compiles_is_refused_by_name()
    {
        _world.Store.WriteBrand(new BrandRow("acme", 1, 1, 0, "{ \"nmae\": 1 }"u8.ToArray(), [[], [], []], false), []);
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(_world.ReopenAsync);
        Assert.Contains("acme", refused.Message, StringComparison.Ordinal);
        Assert.Contains("/nmae", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Puts a brand, and makes another change after the brand was first looked for: it has to be done before the document's turn comes.</summary>
    private async Task<CatalogueChange> PutMeanwhileAsync(string brand, Func<ValueTask<CatalogueChange>> other)
    {
        Task<CatalogueChange>? meanwhile = null;
        _world.Store.AfterFind = () =>
        {
            _world.Store.AfterFind = null;
            meanwhile = other().AsTask();
            Assert.True(meanwhile.IsCompletedSuccessfully);
        };
        CatalogueChange put = await Host.PutBrandAsync(brand, Encoding.UTF8.GetBytes(Brands.Simple()), null, "key-1", Cancelled);
        Assert.Equal((CatalogueOutcome.Done, CatalogueOutcome.Done), (put.Outcome, (await meanwhile!).Outcome));
        return put;
    }
}
