using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine.Identity;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Turns;

/// <summary>Makes one consumer readable: the state as it is now, and the newest of what the journal says of it.</summary>
internal sealed class ConsumerReading(ConsumerDoor door, IConsumerHash hash, ITurnLog log, HostClock clock, ThreadLocal<TurnScratch> scratches)
{
    /// <summary>Records looked back through.</summary>
    private const int History = 64;

    /// <summary>Null where the consumer was never seen.</summary>
    public async ValueTask<ConsumerView?> ReadAsync(string id, CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        long position = PositionOf(id);
        if (position == 0)
        {
            return null;
        }

        // The journal is read from disk; while the disk refuses, the view does without its newest part rather than wait.
        if (log.Trouble is null)
        {
            await log.WhenDurableAsync(position, cancellation);
        }

        List<(long At, ReadOnlyMemory<byte> Payload)> history = [];
        while (history.Count < History && position > 0 && log.Read(position) is { } record)
        {
            if (record.Head.Kind == TurnKind.Turn)
            {
                history.Add((record.Head.Instant, record.Payload));
            }

            position = record.Head.Previous;
        }

        return View(id, catalogue, history);
    }

    private long PositionOf(string id)
    {
        TurnScratch scratch = scratches.Value!;
        if (!scratch.TrySetId(id))
        {
            return 0;
        }

        using OpenConsumer open = door.Open(hash.Of(scratch.Id), scratch);
        return scratch.Turn.State.Position;
    }

    private ConsumerView? View(string id, CatalogueSnapshot catalogue, List<(long At, ReadOnlyMemory<byte> Payload)> history)
    {
        TurnScratch scratch = scratches.Value!;
        scratch.TrySetId(id);
        ConsumerState state = scratch.Turn.State;
        door.Open(hash.Of(scratch.Id), scratch).Dispose();
        return state.Position == 0 ? null : ConsumerViews.Of(state, catalogue, Math.Max(clock.Now, state.LastInstant), history);
    }
}
