using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Background;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Turns;

namespace Decisioning.Engine.Calendar;

/// <summary>
/// Brings every consumer under changed rules. Each is looked at without a turn first; only those whose stages or whose entry in the calendar the rules change
/// have one. Whoever has a turn after a change is live has it under the changed rules, whatever the request was read under, and nobody is looked at before: so
/// once is enough.
/// </summary>
internal sealed class Reclassification(
    PendingRules pending, ConsumerScan scan, ConsumerDoor door, Admission admission, ICatalogueSource catalogue, IMarket market, HostClock clock,
    ThreadLocal<TurnScratch> scratches)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Queue<ulong> _changed = new();

    public async Task RunAsync(Pace pace, CancellationToken cancellation)
    {
        KeyValuePair<int, long>[] brands = pending.All;
        if (brands.Length == 0)
        {
            return;
        }

        await scan.RunAsync(
            (key, packed) => LookAt(key, packed, brands),
            async () =>
            {
                while (_changed.TryPeek(out ulong key))
                {
                    await TakeTurnAsync(key, pace, cancellation);
                    _changed.Dequeue();
                }

                await pace.RestAsync(cancellation);
            });
        foreach ((int brand, long change) in brands)
        {
            pending.Done(brand, change);
        }
    }

    private void LookAt(ulong key, ReadOnlySpan<byte> packed, KeyValuePair<int, long>[] brands)
    {
        TurnScratch scratch = scratches.Value!;
        if (!ConsumerCodec.TryRead(packed, scratch.Turn.State))
        {
            throw new InvalidDataException($"The state of consumer {key:x16} cannot be read.");
        }

        if (Array.Exists(brands, b => scratch.Turn.State.SlotOf(b.Key) >= 0))
        {
            scratch.Turn.Begin(key, clock.Now, catalogue.Current, market, null);
            scratch.Turn.Reclassify();
            if (scratch.Turn.Changed)
            {
                _changed.Enqueue(key);
            }
        }
    }

    private async ValueTask TakeTurnAsync(ulong key, Pace pace, CancellationToken cancellation)
    {
        while (!TryTakeTurn(key))
        {
            await pace.PauseAsync(Pause, cancellation);
        }
    }

    // False where the disk is behind: turns go first.
    private bool TryTakeTurn(ulong key)
    {
        TurnScratch scratch = scratches.Value!;
        try
        {
            admission.RequireSpare();
            using OpenConsumer open = door.OpenKey(key, scratch);
            if (open.Slot >= 0)
            {
                scratch.Turn.Begin(open.Key, clock.Now, catalogue.Current, market, open.ErasedAt);
                scratch.Turn.Reclassify();
                door.Commit(open, scratch, urgent: false);
            }

            return true;
        }
        catch (HostUnavailableException)
        {
            return false;
        }
    }
}
