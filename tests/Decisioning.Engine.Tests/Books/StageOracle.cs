using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Books;

/// <summary>Stages by brute force over the events as they were sent, for a few kinds, by the default windows and UTC days.</summary>
internal sealed class StageOracle
{
    private const long Day = Watching.DayMs;

    private readonly Dictionary<string, List<(EventType Type, long At)>> _events = [];

    public EventCommand Any(TestWorld world, Random random, int number, string consumer)
    {
        EventType[] types = [EventType.View, EventType.Cart, EventType.Search, EventType.BrandSearch, EventType.Follow, EventType.Unfollow, EventType.Purchase];
        EventType type = types[random.Next(random.Next(3) == 0 ? types.Length : 4)];

        // Some come late; an unfollowing is not told of before its following, for the brute force's sake.
        bool late = type is not (EventType.Follow or EventType.Unfollow) && random.Next(5) == 0;
        return world.Event($"e-{number}", type, consumer, world.Clock.Now - (late ? random.NextInt64(20 * Day) : 0));
    }

    public void Take(IEnumerable<EventCommand> events)
    {
        foreach (EventCommand e in events)
        {
            if (!_events.TryGetValue(e.ConsumerId!, out List<(EventType, long)>? of))
            {
                _events[e.ConsumerId!] = of = [];
            }

            of.Add((e.Type!.Value, e.OccurredAt!.Value));
        }
    }

    public Dictionary<DeeplinkStage, long> At(long now) =>
        _events.Values.GroupBy(e => StageOf(e, now)).ToDictionary(g => g.Key, g => g.LongCount());

    private static DeeplinkStage StageOf(List<(EventType Type, long At)> events, long now)
    {
        bool Live(long days, params EventType[] types) => events.Exists(e => types.Contains(e.Type) && now - e.At < days * Day);
        int Days(EventType type, long window) => events.Where(e => e.Type == type && now - e.At < window * Day).Select(e => e.At / Day).Distinct().Count();
        bool follows = events.FindLast(e => e.Type is EventType.Follow or EventType.Unfollow).Type == EventType.Follow;
        return Days(EventType.Purchase, 365) >= 2 ? DeeplinkStage.Numerous
            : Live(910, EventType.Purchase) ? DeeplinkStage.Initial
            : Live(15, EventType.Cart) ? DeeplinkStage.Perform
            : Live(15, EventType.BrandSearch) || follows || Days(EventType.View, 15) >= 2 ? DeeplinkStage.Enthuse
            : Live(15, EventType.View, EventType.Search) ? DeeplinkStage.Engage
            : DeeplinkStage.None;
    }
}
