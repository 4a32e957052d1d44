using Decisioning.Core.Catalogue;

namespace Decisioning.Lab.Recount;

/// <summary>Looks for what was counted twice: an event id within 30 days, an interaction of one decision ever (history has no decisions).</summary>
internal static class RepeatRecount
{
    public static IEnumerable<string> FaultsOf(ConsumerBook book)
    {
        Dictionary<ulong, long> rememberedUntil = [];
        HashSet<(long DecidedAt, uint Ordinal, EventType Type)> interactions = [];
        foreach ((Core.Record.ConsumerEvent e, long at, bool imported) in book.Events)
        {
            if (e.EventIdHash != 0)
            {
                if (rememberedUntil.TryGetValue(e.EventIdHash, out long until) && at < until)
                {
                    yield return $"event {e.EventId} was recorded twice";
                }

                rememberedUntil[e.EventIdHash] = Math.Max(e.OccurredAt, e.ReceivedAt) + RecountRules.Memory;
            }

            if (!imported && e.Type <= EventType.Dismiss && !e.Ad.Elsewhere && !interactions.Add((e.Ad.DecidedAt, e.Ad.Ordinal, e.Type)))
            {
                yield return $"the {Names.Of(e.Type)} of the decision at {e.Ad.DecidedAt} (number {e.Ad.Ordinal}) was recorded twice";
            }
        }
    }
}
