using System.Net.Http.Json;
using System.Text.Json;

namespace Decisioning.Crash;

/// <summary>
/// After a restart: the brand's books equal a recount of every consumer; nothing acknowledged is missing from them, and nothing is counted twice. Wins are not acknowledged as
/// durable: they may lack those of the last moment, but never more than was asked for, nor fewer than they were.
/// </summary>
internal sealed class BooksCheck(HttpClient http, ConsumerLedger[] consumers, BooksLedger books)
{
    /// <param name="exact">Everything that was sent is acknowledged by now.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="CrashFailureException">A figure is not what it must be.</exception>
    public async Task RunAsync(bool exact, CancellationToken stop)
    {
        JsonElement recount = await http.GetFromJsonAsync<JsonElement>($"v1/brands/{CrashBrand.Id}/recount", stop);
        if (!recount.GetProperty("ok").GetBoolean())
        {
            throw new CrashFailureException($"the books are not what a recount gives: {recount}");
        }

        JsonElement pulse = await http.GetFromJsonAsync<JsonElement>($"v1/brands/{CrashBrand.Id}/pulse", stop);
        Compare(
            "events", pulse.GetProperty("activity").GetProperty("events").GetInt64(),
            books.SettledEvents + consumers.Sum(c => c.Events.Count(e => exact || e.Acknowledged) + c.Trackers.Values.Count(t => exact || t.Acknowledged)),
            books.SettledEvents + consumers.Sum(c => c.Events.Count + c.Trackers.Count));
        Compare(
            "rendered", SumOf(pulse, "rendered"),
            books.SettledShown + consumers.Sum(c => ShownOf(c, acknowledged: !exact)), books.SettledShown + consumers.Sum(c => ShownOf(c, acknowledged: false)));
        long won = SumOf(pulse, "won");
        Compare("won", won, books.Won, books.Asked);
        books.Won = won;
    }

    private static long SumOf(JsonElement pulse, string figure) =>
        pulse.GetProperty("campaigns").EnumerateArray().Sum(c => c.GetProperty(figure).GetInt64());

    private static int ShownOf(ConsumerLedger consumer, bool acknowledged) =>
        consumer.Trackers.Where(t => !acknowledged || t.Value.Acknowledged).Select(t => t.Key.Decision).Distinct().Count();

    private static void Compare(string figure, long held, long least, long most)
    {
        if (held < least || held > most)
        {
            throw new CrashFailureException($"the books hold {held} of {figure}; {least} at least and {most} at most can be");
        }
    }
}
