using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Engine;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Replay;

/// <summary>An engine in this process, on a data folder, whose clock is the stream's.</summary>
internal sealed class EmbeddedTarget(string folder) : IReplayTarget
{
    private const string Actor = "lab";

    /// <summary>Events whose commits may be waited for at once.</summary>
    private const int Window = 2_000;

    private const int MostTries = 10;

    private static readonly int AllFormats = (1 << Names.AllFormats.Count) - 1;

    public async Task ReplayAsync(ReplayScene scene, CancellationToken stop)
    {
        var clock = new StreamClock(scene.First);
        await using EmbeddedHost host = await EmbeddedHost.OpenAsync(new EngineOptions { DataFolder = folder }, clock, stop);
        BrandSnapshot brand = await PutBrandAsync(host, scene, stop);
        HashSet<string> consumers = await FeedAsync(host, clock, brand, scene, stop);
        await CountStagesAsync(host, consumers, brand.Id, scene, stop);
    }

    private static async Task<BrandSnapshot> PutBrandAsync(EmbeddedHost host, ReplayScene scene, CancellationToken stop)
    {
        byte[] document = BrandDocument.Of(scene.Plan, scene.Last);
        ReadOnlyMemory<byte>? stored = await host.ReadBrandAsync(scene.Plan.Brand, stop);
        if (stored is null || !stored.Value.Span.SequenceEqual(document))
        {
            CatalogueChange change = await host.PutBrandAsync(scene.Plan.Brand, document, null, Actor, stop);
            if (change.Outcome != CatalogueOutcome.Done)
            {
                throw BrandDocument.Refused(scene.Plan, document, [.. change.Faults.Select(f => (f.Pointer, f.Detail))]);
            }
        }

        return host.Catalogue.Find(scene.Plan.Brand)!;
    }

    /// <summary>
    /// Turns run in the order they are asked for, each at its event's instant; only their commits are waited for together. So a consumer's order is kept though
    /// thousands of events share a commit.
    /// </summary>
    private static async Task<HashSet<string>> FeedAsync(EmbeddedHost host, StreamClock clock, BrandSnapshot brand, ReplayScene scene, CancellationToken stop)
    {
        HashSet<string> consumers = new(StringComparer.Ordinal);
        List<Task<EventResult[]>> waiting = [];
        scene.Meter.Begin("Replaying", scene.Summary.Events);
        foreach (StreamEvent e in scene.Plan.Stream.Read())
        {
            await scene.Pace.WaitAsync(e.OccurredAt, stop);
            clock.AdvanceTo(e.OccurredAt + scene.Shift);
            consumers.Add(e.ConsumerId);
            EventCommand command = e.ToCommand(brand.Id, brand.Currency, scene.Shift);
            waiting.Add(await TryAsync(() => host.RecordAsync([command], host.Catalogue, stop).AsTask(), stop));
            if (e.Type == EventType.View)
            {
                DecideReply reply = await await TryAsync(() => host.DecideAsync(Question(e.ConsumerId, host.Catalogue, brand.Id), stop).AsTask(), stop);
                scene.Tally.Decision(reply.Placements[0].NoDecision is { } none ? NoDecisionReasons.Of(none.Reason) : null);
            }

            if (waiting.Count == Window)
            {
                await SettleAsync(waiting, scene);
            }
        }

        await SettleAsync(waiting, scene);
        return consumers;
    }

    private static DecideCommand Question(string consumer, CatalogueSnapshot catalogue, string brand) => new()
    {
        ConsumerId = consumer,
        Consent = true,
        Catalogue = catalogue,
        Brands = [catalogue.Find(brand)!],
        Placements = { new PlacementCommand { Id = ReplayScene.Placement, Formats = AllFormats, Count = 1, ConfirmAtDecision = false } },
    };

    /// <summary>Starts a turn; where the engine cannot take it now, waits as long as it says and tries again. What was refused has done nothing.</summary>
    private static async Task<Task<T>> TryAsync<T>(Func<Task<T>> turn, CancellationToken stop)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return turn();
            }
            catch (HostUnavailableException refused) when (tries < MostTries)
            {
                await Task.Delay(refused.RetryAfter, stop);
            }
            catch (HostUnavailableException refused)
            {
                throw new LabFailureException($"The engine refused {MostTries} times: {refused.Message}");
            }
        }
    }

    private static async Task SettleAsync(List<Task<EventResult[]>> waiting, ReplayScene scene)
    {
        foreach (EventResult[] results in await Task.WhenAll(waiting))
        {
            scene.Tally.Event(results[0].Status, results[0].Code);
        }

        scene.Meter.Advance(waiting.Count);
        waiting.Clear();
    }

    private static async Task CountStagesAsync(EmbeddedHost host, HashSet<string> consumers, string brand, ReplayScene scene, CancellationToken stop)
    {
        scene.Meter.Begin("Counting stages", consumers.Count);
        foreach (string id in consumers)
        {
            ConsumerView? view = await host.ReadConsumerAsync(id, stop);
            scene.Tally.Consumer(view?.Brands.FirstOrDefault(b => b.Brand == brand)?.Stage ?? Stage.None);
            scene.Meter.Advance(1);
        }
    }
}
