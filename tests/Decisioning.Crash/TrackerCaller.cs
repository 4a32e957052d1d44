using System.Net;

namespace Decisioning.Crash;

/// <summary>Calls trackers.</summary>
internal static class TrackerCaller
{
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
