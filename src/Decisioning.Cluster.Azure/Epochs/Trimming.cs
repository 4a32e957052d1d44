using Decisioning.Cluster.Azure.Books;
using Decisioning.Cluster.Azure.Catalogue;
using Decisioning.Cluster.Azure.Consumers;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;

namespace Decisioning.Cluster.Azure.Epochs;

/// <summary>Forgets old rows, page by page; first where they lie in their consumers' partitions, since the page says where that is.</summary>
internal sealed class Trimming(EpochRegister epochs, EpochPages pages, ConsumerRows consumers, BookRows books, CatalogueRows catalogue)
{
    public async Task RunAsync(long beforeInstant, CancellationToken cancellation)
    {
        ILookup<bool, int> symbols = catalogue.ReadSymbols(cancellation);
        HashSet<int> live = [.. symbols[false]], deleted = [.. symbols[true]];
        Dictionary<int, IReadOnlyDictionary<long, long>> positions =
            (await books.ReadAllAsync(cancellation).ConfigureAwait(false)).ToDictionary(static b => b.Key, static b => b.Value.Positions);
        foreach (RegisteredEpoch epoch in await epochs.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            long upTo = Math.Min(epoch.Head?.Settled ?? 0, TrimBound.Of(epoch.Epoch, positions, live, deleted));
            await foreach (LogPage page in pages.ReadAsync(epoch.Epoch, 0, epoch.Head?.Settled ?? 0, cancellation).ConfigureAwait(false))
            {
                if (page.Rows[0].Number > upTo || page.Rows[0].Instant >= beforeInstant)
                {
                    break;
                }

                await TrimAsync(page, upTo, beforeInstant, cancellation).ConfigureAwait(false);
            }

            await epochs.DropAsync(epoch, cancellation).ConfigureAwait(false);
        }
    }

    private async Task TrimAsync(LogPage page, long upTo, long beforeInstant, CancellationToken cancellation)
    {
        TurnRow[] old = [.. page.Rows.Where(r => r.Number <= upTo && r.Instant < beforeInstant)];
        bool[] gone = await TableCalls.AskAllAsync(
            old,
            async (row, token) =>
            {
                if (row.Consumer != 0 && await consumers.ReadSequenceAsync(row.Consumer, token).ConfigureAwait(false) < row.Last)
                {
                    return false;
                }

                if (row.Consumer != 0)
                {
                    await consumers.DropRowAsync(row, token).ConfigureAwait(false);
                }

                return true;
            },
            cancellation).ConfigureAwait(false);

        HashSet<long> numbers = [.. old.Where((_, i) => gone[i]).Select(static r => r.Number)];
        if (numbers.Count > 0)
        {
            await pages.RewriteAsync(page.Epoch, page.Last, rows => [.. rows.Where(r => !numbers.Contains(r.Number))], cancellation).ConfigureAwait(false);
        }
    }
}
