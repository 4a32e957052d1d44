using System.Text.Json;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;

namespace Decisioning.Conformance;

/// <summary>Requests, events and tracker calls of some consumers, chosen by a seed: two hosts that are given the same come to the same.</summary>
public static class SeededLog
{
    private const int Consumers = 12;

    /// <summary>Plays the log, and tells every answer and every consumer's view in the end.</summary>
    public static async Task<List<string>> PlayAsync(HostUnderTest host, Random random, int steps)
    {
        List<string> told = [];
        List<DecisionRef> decisions = [];
        EventType[] types = [EventType.View, EventType.Cart, EventType.Favorite, EventType.Purchase, EventType.Follow];
        for (int step = 0; step < steps; step++)
        {
            host.Clock.Now += random.Next(600_000);
            string consumer = $"c-{random.Next(Consumers)}";
            switch (random.Next(4))
            {
                case 0 or 1:
                    DecideReply reply = await host.DecideAsync(consumer, random.Next(4) == 0 ? $"r-{random.Next(4)}" : null);
                    foreach (SlotDecision decision in reply.Placements[0].Decisions)
                    {
                        decisions.Add(HostUnderTest.RefOf(decision, reply.At, consumer));
                        told.Add($"{consumer} {reply.At} {decision.Step.Id} {decision.Creative.Id} {decision.Ordinal} {decision.Propensity:R}");
                    }

                    break;
                case 2 when decisions.Count > 0:
                    told.Add($"{await host.TrackAsync(decisions[^random.Next(1, Math.Min(20, decisions.Count + 1))], random.Next(3) == 0 ? EventType.Click : EventType.Impression)}");
                    break;
                default:
                    EventCommand[] batch =
                    [
                        .. Enumerable.Range(0, random.Next(1, 5))
                            .Select(_ => host.Event($"e-{random.Next(2 * steps)}", types[random.Next(types.Length)], $"c-{random.Next(Consumers)}")),
                    ];
                    told.AddRange((await host.RecordAsync(batch)).Select(static r => $"{r}"));
                    break;
            }
        }

        for (int i = 0; i < Consumers; i++)
        {
            told.Add(JsonSerializer.Serialize(await host.Host.ReadConsumerAsync($"c-{i}", TestContext.Current.CancellationToken)));
        }

        return told;
    }
}
