using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Durability;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Turns;

/// <summary>Erases a consumer: out of memory and into the journal at once, then off the disk (<see cref="ErasureCompletion"/>).</summary>
internal sealed class ConsumerErasure(
    ConsumerDoor door, Admission admission, IConsumerHash hash, ITurnLog log, ErasureCompletion completion, HostClock clock, ThreadLocal<TurnScratch> scratches)
{
    /// <summary>Null where the consumer was never seen.</summary>
    public async ValueTask<ErasureReceipt?> EraseAsync(string id, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        admission.Require();
        ErasureReceipt? receipt = null;
        await completion.RunAsync(() => Begin(id, catalogue, out receipt), cancellation);
        return receipt;
    }

    /// <summary>Carries through what a crash left.</summary>
    public Task CompletePendingAsync(CancellationToken cancellation) => completion.RunAsync(static () => null, cancellation);

    private StartedErasure? Begin(string id, CatalogueSnapshot catalogue, out ErasureReceipt? receipt)
    {
        receipt = null;
        TurnScratch scratch = scratches.Value!;
        if (!scratch.TrySetId(id))
        {
            return null;
        }

        ConsumerState state = scratch.Turn.State;
        using OpenConsumer open = door.Open(hash.Of(scratch.Id), scratch);
        if (open.Slot < 0)
        {
            return null;
        }

        long at = Math.Max(clock.Now, state.LastInstant);
        long previous = state.Position;
        TurnFacts.WriteErasure(state, at, scratch.Facts);
        long position = log.Append(new TurnHead(TurnKind.Erasure, open.Key, 0, at, previous), scratch.Facts.Written, urgent: true);
        StartedErasure erasure = new(open.Key, at, position, previous);
        open.Shard.OpenErasures().Begin(erasure, completion.UntilOf(at));
        open.Shard.Remove(open.Slot);
        string[] brands = [.. ConsumerViews.Of(state, catalogue, at, []).Brands.Select(static b => b.Brand)];
        receipt = new ErasureReceipt(id, at, brands, completion.UntilOf(at));
        return erasure;
    }
}
