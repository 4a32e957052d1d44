using Decisioning.Engine.Storage;
using Decisioning.Engine.Storage.Journal;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>A journal whose file was changed behind its back: a torn tail is cut and reported, anything else is named and refused.</summary>
public sealed class TurnLogDamageTests : IDisposable
{
    private const int Blocks = 10;

    private readonly TestFolder _folder = new();
    private readonly long[] _positions = new long[Blocks + 1];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("UPDATE blocks SET data = substr(data, 1, length(data) - 1) WHERE block = 10")]
    [InlineData("UPDATE blocks SET data = x'' WHERE block = 10")]
    [InlineData("UPDATE blocks SET data = zeroblob(length(data)) WHERE block = 10")]
    [InlineData("UPDATE blocks SET crc = crc + 1 WHERE block = 10")]
    [InlineData("UPDATE blocks SET last_at = last_at + 1 WHERE block = 10")]
    [InlineData("UPDATE blocks SET data = (SELECT data FROM blocks WHERE block = 9), crc = (SELECT crc FROM blocks WHERE block = 9) WHERE block = 10")]
    public async Task A_torn_tail_is_cut_and_reported_and_its_number_is_not_given_again(string damage)
    {
        await FillAsync();
        Change(damage);
        await using (SqliteTurnLog log = Open())
        {
            Assert.Contains("block 10", log.CutTail, StringComparison.Ordinal);
            Assert.Equal(Payloads(1, 9), log.Payloads());
            Assert.Null(log.Read(_positions[10]));
            Assert.Equal(11, JournalPosition.BlockOf(await log.AppendDurablyAsync("after")));
        }

        await using SqliteTurnLog again = Open();
        Assert.Null(again.CutTail);
        Assert.Equal([.. Payloads(1, 9), "after"], again.Payloads());
    }

    [Theory]
    [InlineData("UPDATE blocks SET data = zeroblob(length(data)) WHERE block = 5", "block 5")]
    [InlineData("UPDATE blocks SET crc = crc + 1 WHERE block = 1", "block 1 ")]
    [InlineData("UPDATE blocks SET at = at + 1 WHERE block = 9", "block 9")]
    [InlineData("DELETE FROM blocks WHERE block = 5", "block 5 is missing")]
    [InlineData("DELETE FROM blocks WHERE block = 9", "block 9 is missing")]
    public async Task Damage_before_the_tail_is_refused_by_name(string damage, string named)
    {
        await FillAsync();
        Change(damage);
        StorageDamagedException refused = Assert.Throws<StorageDamagedException>(() => Open());
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File(SqliteTurnLog.FileName), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_before_what_is_contained_is_found_when_it_is_read()
    {
        await FillAsync();
        Change("UPDATE blocks SET crc = crc + 1 WHERE block = 3");
        await using SqliteTurnLog log = Open(contained: _positions[8]);
        Assert.Equal(Payloads(9, 10), log.ReadAfter(_positions[8]).Select(r => System.Text.Encoding.UTF8.GetString(r.Payload.Span)));
        Assert.Throws<StorageDamagedException>(() => log.Payloads());
        Assert.Throws<StorageDamagedException>(() => log.Read(_positions[3]));
    }

    [Theory]
    [InlineData("DELETE FROM blocks WHERE block >= 8", "ends at block 7")]
    [InlineData("DELETE FROM blocks", "ends at block 0")]
    [InlineData("DELETE FROM blocks WHERE block <= 9", "block 9 is missing")]
    [InlineData("DELETE FROM blocks WHERE block = 8", "block 8 is missing")]
    public async Task A_journal_that_does_not_go_on_from_what_is_contained_is_refused(string damage, string named)
    {
        await FillAsync();
        Change(damage);
        Assert.Contains(named, Assert.Throws<StorageDamagedException>(() => Open(contained: _positions[8])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_or_newer_schema_a_foreign_database_and_no_database_are_refused()
    {
        await FillAsync();
        Change("PRAGMA user_version = 1");
        Assert.Contains("can no longer read", Assert.Throws<StorageException>(() => Open()).Message, StringComparison.Ordinal);
        Change("PRAGMA user_version = 3");
        Assert.Contains("newer version", Assert.Throws<StorageException>(() => Open()).Message, StringComparison.Ordinal);
        Change("PRAGMA user_version = 2; PRAGMA application_id = 5");
        Assert.Contains("some other program", Assert.Throws<StorageException>(() => Open()).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.File(SqliteTurnLog.FileName), new string('x', 5_000));
        Assert.Contains(SqliteTurnLog.FileName, Assert.Throws<StorageException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrubbing_leaves_nothing_of_the_payloads_on_disk()
    {
        const string secret = "the-cart-of-one-person";
        await using SqliteTurnLog log = Open();
        var positions = new List<long>();
        for (int i = 0; i < 200; i++)
        {
            string payload = i % 10 == 0 ? secret + new string('p', 50 * i) : $"of others {new string('o', 37 * i)}";
            long position = i % 3 == 0 ? log.Append(payload, urgent: false) : await log.AppendDurablyAsync(payload);
            if (i % 10 == 0)
            {
                positions.Add(position);
            }
        }

        await log.WhenDurableAsync(positions[^1], TestContext.Current.CancellationToken);
        Assert.NotEmpty(_folder.FilesWith("the-cart-of-one-person"u8));
        await log.ScrubAsync(positions, TestContext.Current.CancellationToken);
        Assert.Empty(_folder.FilesWith("the-cart-of-one-person"u8));
        Assert.Empty(_folder.FilesWith("pppppppp"u8));
        Assert.NotEmpty(_folder.FilesWith("of others"u8));
        Assert.Equal(20, log.ReadAfter(0).Count(r => r.Head.Kind == TurnKind.Scrubbed));
        Assert.All(positions, p => Assert.Null(log.Read(p)));
    }

    [Fact]
    public async Task Trimming_leaves_nothing_of_what_was_forgotten_once_the_log_is_closed()
    {
        await using (SqliteTurnLog log = Open())
        {
            for (int i = 0; i < 600; i++)
            {
                await log.AppendDurablyAsync((i < 500 ? "forgotten" : "remembered") + new string('x', i), instant: i);
            }

            await log.TrimAsync(beforeInstant: 500, upToPosition: log.DurablePosition, TestContext.Current.CancellationToken);
            Assert.Equal(100, log.Payloads().Length);
        }

        Assert.Empty(_folder.FilesWith("forgotten"u8));
        Assert.NotEmpty(_folder.FilesWith("remembered"u8));
    }

    private SqliteTurnLog Open(long contained = 0) => SqliteTurnLog.Open(_folder.Path, TimeProvider.System, contained);

    private async Task FillAsync()
    {
        await using SqliteTurnLog log = Open();
        for (int i = 1; i <= Blocks; i++)
        {
            _positions[i] = await log.AppendDurablyAsync($"payload {i}");
            Assert.Equal(i, JournalPosition.BlockOf(_positions[i]));
        }
    }

    private void Change(string sql)
    {
        using SqliteDatabase database = SqliteDatabase.Open(_folder.File(SqliteTurnLog.FileName), SqliteOptions.Default);
        database.Execute(sql);
    }

    private static string[] Payloads(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(i => $"payload {i}")];
}
