using System.Net;

namespace Decisioning.Crash;

/// <summary>Calls trackers.</summary>
internal static class TrackerCaller
{
    /// <summary>Calls one of the trackers of one of the consumer's decisions, as chance decides; none where it has no decision.</summary>
    public static async Task CallAnyAsync(HttpClient http, ConsumerLedger consumer, Random random, CancellationToken stop)
    {
        SentTracker? tracker;
        lock (consumer)
        {
            if (consumer.Decisions.Count == 0)
            {
                return;
            }

            (string id, IReadOnlyDictionary<string, string> paths) = consumer.Decisions[random.Next(consumer.Decisions.Count)];
            string kind = paths.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(paths.Count));
            if (!consumer.Trackers.TryGetValue((id, kind), out tracker))
            {
                consumer.Trackers[(id, kind)] = tracker = new SentTracker(paths[kind], kind);
            }
        }

        await CallAsync(http, tracker, stop);
    }

    /// <returns>False where the server was too busy: nothing was done.</returns>
    /// <exception cref="CrashFailureException">The server did not know its own token.</exception>
    public static async Task<bool> CallAsync(HttpClient http, SentTracker tracker, CancellationToken stop)
    {
        using HttpResponseMessage answer = await http.GetAsync(tracker.Path, stop);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.ServiceUnavailable:
                return false;
            case HttpStatusCode.OK or HttpStatusCode.Redirect or HttpStatusCode.NoContent:
                tracker.Acknowledge();
                return true;
            default:
                throw new CrashFailureException($"the {tracker.Kind} tracker was answered with {(int)answer.StatusCode}");
        }
    }
}
