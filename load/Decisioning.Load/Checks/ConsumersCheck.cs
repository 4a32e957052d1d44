using System.Net;
using System.Text.Json;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Checks;

/// <summary>
/// After the run: what the server itself knows of the consumers that were watched holds the caps, counted anew from their exposures. Left out where the key may not ask.
/// </summary>
internal sealed class ConsumersCheck(WorldIds ids)
{
    private const int Most = 100;

    public Finding Finding { get; } = new("caps respected in the server's own records");

    /// <param name="consumers">Their numbers; the first <see cref="Most"/> are read.</param>
    public async Task FinishAsync(WorldTarget target, IEnumerable<int> consumers, CancellationToken stop)
    {
        foreach (int number in consumers.Take(Most))
        {
            string consumer = ids.ConsumerOf(number);
            (HttpStatusCode status, byte[] body) = await target.SendAsync(
                HttpMethod.Get, $"v1/consumers/{consumer}", null, stop, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
            if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                return;
            }

            if (status == HttpStatusCode.NotFound)
            {
                Finding.Failed($"{consumer} was decided for, and the server does not know it.");
                continue;
            }

            using JsonDocument view = JsonDocument.Parse(body);
            Look(consumer, view.RootElement);
        }
    }

    /// <summary>Counts the showings and live reservations of each brand of the run.</summary>
    /// <param name="view">As <c>GET /v1/consumers/{id}</c> answers it.</param>
    public void Look(string consumer, JsonElement view)
    {
        foreach (JsonProperty brand in view.GetProperty("brands").EnumerateObject().Where(b => b.Name.StartsWith(ids.BrandPrefix, StringComparison.Ordinal)))
        {
            // One that was seen after its reservation was given back may be one more than the cap.
            int counted = brand.Value.GetProperty("exposures").EnumerateArray().Count(e => !e.GetProperty("late").GetBoolean());
            if (counted > WorldStory.CapPerDay)
            {
                Finding.Failed($"{consumer} has {counted} exposures of {brand.Name}; the cap is {WorldStory.CapPerDay} a day.");
            }
            else
            {
                Finding.Held();
            }
        }
    }
}
