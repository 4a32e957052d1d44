using System.Collections.Concurrent;
using Azure.Data.Tables;
using Decisioning.Cluster.Azure.Consumers;
using Decisioning.Cluster.Azure.Tables;
using Decisioning.Cluster.Storage;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Epochs;

/// <summary>
/// Writes batches. No transaction reaches over an epoch's partition and its consumers', so a batch goes in two steps that anybody may finish: it is <em>proposed</em>
/// in one transaction with the epoch's head, which a closed epoch refuses; then each row claims its place in its consumer's partition, where the first to
/// insert it has it for good; then the batch is <em>settled</em>: rows without a place are taken out of its pages. What is proposed when a silo is gone is settled
/// by whoever closes its epoch.
/// </summary>
internal sealed class EpochLog(EpochPages pages, ConsumerRows consumers, CalendarRows calendar, Erasure erasure)
{
    /// <summary>Pages of one transaction: of their base64 form 4 MiB may come in one request.</summary>
    private const int ProposedPages = 4;

    /// <summary>How long writing rests for a sight that does not let go.</summary>
    private const int Rests = 100;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    /// <summary>Heads as this store left them.</summary>
    private readonly ConcurrentDictionary<long, EpochHead> _known = new();

    /// <param name="rows">Of one epoch, ascending by number.</param>
    /// <param name="tombstone">Where the one row is an erasure.</param>
    /// <returns>Numbers of the rows that stand.</returns>
    public async Task<HashSet<long>> WriteAsync(IReadOnlyList<TurnRow> rows, TombstoneRow? tombstone, CancellationToken cancellation)
    {
        long epoch = rows[0].Epoch;
        HashSet<long> stand = [];
        _known.TryRemove(epoch, out EpochHead? head);
        for (int next = 0, rests = 0; next < rows.Count;)
        {
            head ??= await pages.FindHeadAsync(epoch, cancellation).ConfigureAwait(false);
            if (head is null)
            {
                break;
            }

            if (!head.IsSettled)
            {
                head = await SettleAsync(head, cancellation).ConfigureAwait(false);
            }
            else if (rows[next].Number <= head.Settled)
            {
                stand.UnionWith(await NumbersAsync(epoch, rows[next].Number - 1, head.Settled, cancellation).ConfigureAwait(false));
                next = rows.TakeWhile(r => r.Number <= head.Settled).Count();
            }
            else if (!head.Open)
            {
                break;
            }
            else if (head.Hold.Length > 0 && rests++ < Rests)
            {
                await Task.Delay(Rest, cancellation).ConfigureAwait(false);
                head = null;
            }
            else
            {
                head = await ProposeAsync(head, rows, next, tombstone, cancellation).ConfigureAwait(false) is { } added
                    ? await SettleAsync(added.Head, added.Pages, cancellation).ConfigureAwait(false)
                    : null;
            }
        }

        if (head is { Open: true })
        {
            _known[epoch] = head;
        }

        stand.IntersectWith(rows.Select(static r => r.Number));
        return stand;
    }

    /// <summary>Closes an epoch and settles what was proposed; then its last number is final.</summary>
    public async Task CloseAsync(long epoch, CancellationToken cancellation)
    {
        while (true)
        {
            EpochHead? head = await pages.FindHeadAsync(epoch, cancellation).ConfigureAwait(false);
            if (head is null && !await pages.TryAddAsync(new EpochHead(epoch, false, 0, 0, 0, "", default), cancellation).ConfigureAwait(false))
            {
                continue;
            }

            if (head is { Open: true })
            {
                head = await pages.TryChangeAsync(head with { Open = false }, [], cancellation).ConfigureAwait(false);
            }
            else if (head is { IsSettled: false })
            {
                head = await SettleAsync(head, cancellation).ConfigureAwait(false);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Makes writing rest, with nothing in between; null where the epoch is closed.</summary>
    public async Task<EpochHead> HoldAsync(EpochHead seen, string sight, CancellationToken cancellation)
    {
        EpochHead? head = seen;
        for (int rests = 0; ;)
        {
            head ??= await pages.FindHeadAsync(seen.Epoch, cancellation).ConfigureAwait(false) ?? seen with { Open = false };
            if (!head.IsSettled)
            {
                head = await SettleAsync(head, cancellation).ConfigureAwait(false);
            }
            else if (!head.Open || head.Hold == sight)
            {
                return head;
            }
            else if (head.Hold.Length > 0 && rests++ < Rests)
            {
                await Task.Delay(Rest, cancellation).ConfigureAwait(false);
                head = null;
            }
            else
            {
                head = await pages.TryChangeAsync(head with { Hold = sight }, [], cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Lets writing go on; whoever went on by itself is left alone.</summary>
    public Task ReleaseAsync(EpochHead held, CancellationToken cancellation) => pages.TryChangeAsync(held with { Hold = "" }, [], cancellation);

    private async Task<(EpochHead Head, IReadOnlyList<LogPage> Pages)?> ProposeAsync(
        EpochHead head, IReadOnlyList<TurnRow> rows, int next, TombstoneRow? tombstone, CancellationToken cancellation)
    {
        List<LogPage> written = [];
        while (next < rows.Count && written.Count < ProposedPages)
        {
            written.Add(LogPage.Take(rows, next, tombstone));
            next += written[^1].Rows.Count;
        }

        return await pages.TryAddAsync(head with { Proposed = written[^1].Last, Hold = "" }, written, cancellation).ConfigureAwait(false);
    }

    private async Task<EpochHead?> SettleAsync(EpochHead head, CancellationToken cancellation) =>
        await SettleAsync(head, await pages.ReadAsync(head.Epoch, head.Settled, head.Proposed, cancellation).ToListAsync(cancellation).ConfigureAwait(false), cancellation)
            .ConfigureAwait(false);

    /// <summary>Null where somebody else came first with it.</summary>
    private async Task<EpochHead?> SettleAsync(EpochHead head, IReadOnlyList<LogPage> proposed, CancellationToken cancellation)
    {
        ConcurrentDictionary<long, bool> taken = new();
        await TableCalls.ForAllAsync(
            proposed.SelectMany(static page => page.Rows, static (page, row) => (page, row)),
            async (at, token) => taken[at.row.Number] = await ClaimAsync(at.page, at.row, token).ConfigureAwait(false),
            cancellation).ConfigureAwait(false);

        List<TableTransactionAction> changed = [];
        foreach (LogPage page in proposed)
        {
            TurnRow[] rows = [.. page.Rows.Where(r => taken[r.Number])];
            if (rows.Length < page.Rows.Count)
            {
                changed.Add(EpochPages.Replacing(page, rows));
            }
        }

        long last = taken.Where(static t => t.Value).Select(static t => t.Key).Append(head.Last).Max();
        return await pages.TryChangeAsync(head with { Settled = head.Proposed, Last = last }, changed, cancellation).ConfigureAwait(false);
    }

    private async Task<bool> ClaimAsync(LogPage page, TurnRow row, CancellationToken cancellation)
    {
        // A contextual choice is nobody's: its place is its number.
        bool taken = row.Consumer == 0
            || await consumers.ClaimAsync(row, page.Last, page.Tombstone, cancellation).ConfigureAwait(false);
        if (taken && row.Consumer != 0 && row.DueHour is > 0 and var hour)
        {
            await calendar.EnterAsync(hour, row.Consumer, cancellation).ConfigureAwait(false);
        }

        if (taken && page.Tombstone is { } tombstone)
        {
            await erasure.FinishAsync(row, tombstone, cancellation).ConfigureAwait(false);
        }

        return taken;
    }

    private async Task<IEnumerable<long>> NumbersAsync(long epoch, long after, long settled, CancellationToken cancellation) =>
        await pages.ReadRowsAsync(epoch, after, settled, cancellation).Select(static r => r.Number).ToListAsync(cancellation).ConfigureAwait(false);
}
