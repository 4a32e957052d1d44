using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Cluster.Tests.Storage;
using Decisioning.Engine.Storage;
using static Decisioning.Cluster.Tests.Support.TestRows;

namespace Decisioning.Cluster.Azure.Tests;

public sealed class AzureClusterStoreTests(Azurite azurite) : ClusterStoreConformance
{
    private readonly string _prefix = azurite.NewPrefix();

    [Fact]
    public async Task Stores_that_are_opened_at_once_make_one_schema()
    {
        string prefix = azurite.NewPrefix();
        AzureClusterStore[] stores = [.. await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ConnectAsync(prefix)))];
        await Task.WhenAll(stores.Select(s => s.OpenAsync(Wire, Cancellation)));
        Assert.Equal(6, (await Task.WhenAll(stores.Select(s => s.BeginEpochAsync("a", Instant, Cancellation)))).Distinct().Count());
    }

    [Theory]
    [InlineData("state", null, "empty database of its own")]
    [InlineData("state", 1L, "run the older version")]
    [InlineData("schema", 99L, "run the newer version")]
    public async Task A_store_of_another_version_is_refused(string form, long? version, string said)
    {
        AzureClusterStore store = await ConnectAsync(_prefix);
        var forms = (await store.Tables.Cluster.FindAsync(Keys.Epochs, Keys.Forms, Cancellation))!;
        _ = version is null ? forms.Remove(form) : (forms[form] = version) is not null;
        await store.Tables.Cluster.UpdateEntityAsync(forms, forms.ETag, TableUpdateMode.Replace, Cancellation);
        Assert.Contains(said, (await Assert.ThrowsAsync<StorageException>(() => store.OpenAsync(Wire, Cancellation))).Message);
    }

    [Fact]
    public async Task A_silo_of_another_wire_contract_does_not_join_after_it_opened_the_store()
    {
        AzureClusterStore newer = await ConnectAsync(_prefix);
        await newer.OpenAsync(Wire + 1, Cancellation);
        Assert.Contains($"wire contract {Wire + 1}", (await Assert.ThrowsAsync<StorageException>(() => Store.BeginEpochAsync("late", Instant, Cancellation))).Message);
    }

    [Fact]
    public async Task A_batch_of_many_megabytes_comes_back_as_it_was_written()
    {
        long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
        TurnRow[] rows = [.. Enumerable.Range(0, 12).Select(i => Row((ulong)i + 1, 1, epoch, i + 1, body: new string((char)('a' + i), 600_000)))];
        Assert.Empty(await AppendAsync(rows));
        Assert.Equal(rows.Select(Told), (await Store.ReadRowsAsync(epoch, 0, 100, Cancellation)).Select(Told));
        Assert.Equal(Told(rows[7]), Told(Assert.Single((await Store.ReadConsumersAsync([8], Cancellation))[0].Tail)));
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => AppendAsync(Row(99, 1, epoch, 13, body: new string('x', Chunks.Most))));
        Assert.Contains("takes 720896 in one place", refused.Message);
    }

    [Fact]
    public async Task A_document_of_many_megabytes_comes_back_as_it_was_written_and_so_do_those_before_it()
    {
        ICatalogueSession catalogue = Store.OpenCatalogue();
        byte[][] documents = [[.. Enumerable.Range(0, 5_000_000).Select(i => (byte)(i * 31 >> 4))], "{}"u8.ToArray()];
        catalogue.WriteBrand(Brand("big", 1) with { Document = documents[0] }, [Audit("big")]);
        Assert.Equal(documents[0], Store.OpenCatalogue().FindBrand("big")!.Document);
        catalogue.WriteBrand(Brand("big", 1, version: 2) with { Document = documents[1] }, []);
        Assert.Equal(documents[1], catalogue.FindBrand("big")!.Document);
        Assert.Equal(documents[0], Assert.Single(catalogue.ReadBrandHistory("big")).Document);
        Assert.Single(catalogue.ReadAudit("big"));
    }

    [Fact]
    public async Task Whoever_was_erased_since_is_not_in_a_sight_and_what_it_kept_goes_with_the_next_snapshot()
    {
        long epoch = await Store.BeginEpochAsync("a", Instant, Cancellation);
        await AppendAsync(Row(1, 1, epoch, 1), Row(2, 1, epoch, 2));
        await Store.WriteSnapshotsAsync([Snapshot(1, 1, "one"), Snapshot(2, 1, "two")], Cancellation);
        await using (IClusterSight sight = await Store.BeginSightAsync(Cancellation))
        {
            await AppendAsync(Row(1, 2, epoch, 3), Row(2, 2, epoch, 4));
            await Store.WriteSnapshotsAsync([Snapshot(1, 2, "newer"), Snapshot(2, 2, "newer")], Cancellation);
            Assert.True(await Store.EraseAsync(Row(2, 3, epoch, 5) with { Kind = TurnKind.Erasure }, new TombstoneRow(2, Instant, Instant), Cancellation));
            Assert.False(await azurite.HoldsAsync(_prefix, "two"u8.ToArray()));
            Assert.Equal(["one"], (await sight.ReadConsumersAsync(Cancellation).ToListAsync(Cancellation)).Select(StateOf));
        }

        await AppendAsync(Row(1, 3, epoch, 6));
        await Store.WriteSnapshotsAsync([Snapshot(1, 3, "newest")], Cancellation);
        Assert.False(await azurite.HoldsAsync(_prefix, "one"u8.ToArray()));
    }

    [Fact]
    public async Task What_is_wrong_with_an_account_is_said_without_its_key()
    {
        string connection = await azurite.ConnectionStringAsync();
        string key = connection.Split("AccountKey=")[1].Split(';')[0];
        string other = Convert.ToBase64String("s3cret"u8);
        Assert.Contains("check AccountName, AccountKey", await RefusalAsync(connection.Replace(key, other, StringComparison.Ordinal)));
        Assert.Contains("nothing listens there", await RefusalAsync(connection.Split("TableEndpoint=")[0] + $"TableEndpoint=http://127.0.0.1:1/{Azurite.Account};"));
        Assert.Contains("name is not known", await RefusalAsync($"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={other};EndpointSuffix=no-such-host.invalid"));
        foreach (string text in new[] { "AccountName=x", $"AccountName=x;AccountKey=s3cret!", "http://account.table.core.windows.net", "https://a.table.core.windows.net?sig=s3cret" })
        {
            StorageException unread = Assert.Throws<StorageException>(() => AzurePlace.At(text));
            Assert.Contains("https://account.table.core.windows.net", unread.Message);
            Assert.DoesNotContain("s3cret", unread.ToString());
        }

        async Task<string> RefusalAsync(string at)
        {
            StorageException refused = await Assert.ThrowsAsync<StorageException>(() => AzurePlace.At(at, _prefix).Store.OpenAsync(Wire, Cancellation));
            Assert.DoesNotContain(other, refused.ToString());
            return refused.Message;
        }
    }

    protected override async Task<IClusterStore> ConnectAsync() => await ConnectAsync(_prefix);

    /// <summary>In every column of bytes of every table.</summary>
    protected override async Task<IReadOnlyList<string>> FindAsync(byte[] bytes) => await azurite.FindAsync(_prefix, bytes);

    private async Task<AzureClusterStore> ConnectAsync(string prefix) => AzurePlace.At(await azurite.ConnectionStringAsync(), prefix).Store;
}
