using System.Net.Http.Json;
using System.Text.Json;

namespace Decisioning.Crash;

/// <summary>After a pause that was acknowledged and a restart: the campaign wins nothing.</summary>
internal sealed class PauseCheck(HttpClient http, BooksLedger books)
{
    /// <summary>Newcomers for whom a decision is asked for: an active campaign would win some.</summary>
    private const int Newcomers = 24;

    /// <param name="name">Begins the newcomers' ids.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="CrashFailureException">The campaign won.</exception>
    public async Task RunAsync(string name, CancellationToken stop)
    {
        for (int i = 0; i < Newcomers; i++)
        {
            books.Asked++;
            object body = new { consumer = new { id = $"{name}-{i}", consent = true }, placements = new[] { new { id = "p" } }, brands = new[] { CrashBrand.Id } };
            using HttpResponseMessage answer = await http.PostAsJsonAsync("v1/decisions", body, stop);
            JsonElement json = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            foreach (JsonElement decision in json.GetProperty("placements")[0].GetProperty("decisions").EnumerateArray())
            {
                if (decision.GetProperty("campaign").GetString() == CrashBrand.Campaign)
                {
                    throw new CrashFailureException($"the campaign {CrashBrand.Campaign} is paused and won: {decision}");
                }
            }
        }
    }
}
