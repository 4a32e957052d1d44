using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Engine.Tests.Support;

/// <summary>Turns of all kinds of some consumers, chosen by a seeded generator; what they answered is written down.</summary>
/// <param name="strangers">Whether some decisions are about nobody: those are numbered anew after a crash.</param>
internal sealed class RandomTurns(TestWorld world, Random random, bool strangers = true)
{
    private const int Consumers = 30;

    private readonly List<DecisionRef> _decisions = [];
    private int _events;

    public List<string> Transcript { get; } = [];

    public int Charged { get; private set; }

    /// <summary>One call; where the journal commits only when told, the call is not waited for.</summary>
    public async Task StepAsync()
    {
        world.Clock.Now += random.Next(2_000);
        string consumer = $"c-{random.Next(Consumers)}";
        switch (random.Next(4))
        {
            case 0:
            case 1:
                string? who = strangers && random.Next(5) == 0 ? null : consumer;
                DecideReply reply = await world.DecideAsync(who, random.Next(6) == 0 ? $"r-{random.Next(5)}" : null, confirm: random.Next(8) == 0);
                Note($"{who} {reply.At} {reply.Placements[0].Decisions.Length} {reply.Placements[0].NoDecision}");
                foreach (SlotDecision decision in reply.Placements[0].Decisions)
                {
                    _decisions.Add(TestWorld.RefOf(decision, reply.At, who));
                }

                break;
            case 2 when _decisions.Count > 0:
                long before = world.Money().Spent;
                DecisionRef chosen = _decisions[^random.Next(1, Math.Min(20, _decisions.Count + 1))];
                Note(await AnswerAsync(world.TrackAsync(chosen, random.Next(4) == 0 ? EventType.Click : EventType.Impression)));
                Charged += world.Money().Spent > before ? 1 : 0;
                break;
            default:
                EventType[] types = [EventType.View, EventType.Cart, EventType.Favorite, EventType.Purchase, EventType.Follow];
                EventCommand[] batch = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => world.Event(
                    $"e-{(random.Next(10) == 0 ? random.Next(_events + 1) : _events++)}", types[random.Next(types.Length)], $"c-{random.Next(Consumers)}"))];
                Note(await AnswerAsync(world.RecordAsync(batch)));
                break;
        }
    }

    private void Note(string line) => Transcript.Add(line);

    private static async Task<string> AnswerAsync<T>(ValueTask<T> call)
    {
        if (!call.IsCompleted)
        {
            return "waits";
        }

        T answer = await call;
        return answer is EventResult[] results ? string.Join(',', results.Select(r => r.Status)) : $"{answer}";
    }
}
