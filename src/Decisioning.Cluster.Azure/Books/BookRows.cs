using System.Globalization;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Books;

/// <summary>Brands' books and hourly rows: a partition a brand, written in one transaction.</summary>
internal sealed class BookRows(ClusterTables tables)
{
    /// <summary>Hourly rows of one transaction, beside the books.</summary>
    private const int MostHours = 98;

    /// <summary>The version alone, which is read before each write.</summary>
    private const string Stand = "stand";

    private const string Books = "books";
    private const string Hour = "h";
    private const string Version = nameof(Version);
    private const string Form = nameof(Form);
    private const string Sums = nameof(Sums);

    public async Task<StoredBrand?> ReadAsync(int brand, CancellationToken cancellation) =>
        await tables.Books.FindAsync(KeyOf(brand), Books, cancellation).ConfigureAwait(false) is { } books ? Read(books) : null;

    /// <summary>Every brand's.</summary>
    public async Task<Dictionary<int, StoredBrand>> ReadAllAsync(CancellationToken cancellation)
    {
        string filter = TableClient.CreateQueryFilter($"RowKey eq {Books}");
        return await tables.Books.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).Select(Read)
            .ToDictionaryAsync(static b => b.Brand, cancellationToken: cancellation).ConfigureAwait(false);
    }

    public async Task<bool> WriteAsync(StoredBrand books, IReadOnlyList<HourBooks> hours, long expected, CancellationToken cancellation)
    {
        if (hours.Count > MostHours)
        {
            throw new StorageException($"Brand {books.Brand} has {hours.Count} hours to write at once, and a table of Azure Storage takes {MostHours}");
        }

        TableEntity? standing = await tables.Books.FindAsync(KeyOf(books.Brand), Stand, cancellation).ConfigureAwait(false);
        if ((standing?.GetInt64(Version) ?? 0) != expected)
        {
            return false;
        }

        TableEntity entity = new(KeyOf(books.Brand), Books) { [Version] = expected + 1 };
        ByteWriter form = new();
        form.Bytes(PositionsForm.Of(books.Positions));
        form.Bytes(books.Totals.Span);
        form.Bytes(books.Money.Span);
        Chunks.Set(entity, Form, form.Written, $"What is written of brand {books.Brand}'s books");
        TableEntity moved = new(KeyOf(books.Brand), Stand) { [Version] = expected + 1 };
        List<TableTransactionAction> actions =
        [
            standing is null ? new(TableTransactionActionType.Add, moved) : new(TableTransactionActionType.UpdateReplace, moved, standing.ETag),
            new(TableTransactionActionType.UpsertReplace, entity),
        ];
        foreach (HourBooks hour in hours)
        {
            TableEntity row = new(KeyOf(hour.Brand), KeyOfHour(hour.Hour));
            Chunks.Set(row, Sums, hour.Sums.Span, $"An hour of brand {hour.Brand}");
            actions.Add(new(TableTransactionActionType.UpsertReplace, row));
        }

        return await tables.Books.TryAsync(actions, cancellation).ConfigureAwait(false) is not null;
    }

    public async Task<List<HourBooks>> ReadHoursAsync(int brand, int fromHour, int toHour, CancellationToken cancellation)
    {
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {KeyOf(brand)} and RowKey ge {KeyOfHour(fromHour)} and RowKey lt {KeyOfHour(toHour)}");
        return await tables.Books.QueryAsync<TableEntity>(filter, cancellationToken: cancellation)
            .Select(e => new HourBooks(brand, int.Parse(e.RowKey[1..], CultureInfo.InvariantCulture), Chunks.Get(e, Sums)))
            .ToListAsync(cancellation).ConfigureAwait(false);
    }

    public async Task DropHoursAsync(int before, CancellationToken cancellation)
    {
        string filter = TableClient.CreateQueryFilter($"RowKey ge {KeyOfHour(0)} and RowKey lt {KeyOfHour(before)}");
        await foreach (TableEntity hour in tables.Books.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation).ConfigureAwait(false))
        {
            await tables.Books.TryDeleteAsync(hour, cancellation).ConfigureAwait(false);
        }
    }

    private static StoredBrand Read(TableEntity books)
    {
        ByteReader form = new(Chunks.Get(books, Form));
        StoredBrand read = new(
            int.Parse(books.PartitionKey, CultureInfo.InvariantCulture), books.GetInt64(Version)!.Value, PositionsForm.Read(form.Bytes()), form.Bytes().ToArray(),
            form.Bytes().ToArray());
        return form.Failed ? throw new StorageException($"The books of brand {read.Brand} are not what was written") : read;
    }

    private static string KeyOf(int brand) => brand.ToString("D10", CultureInfo.InvariantCulture);

    private static string KeyOfHour(int hour) => Hour + hour.ToString("D10", CultureInfo.InvariantCulture);
}
