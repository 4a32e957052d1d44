using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Decisioning.Crash;

namespace Decisioning.Faults;

/// <summary>Nobody was shown more than the cap and what a fault may have taken along; the campaign spent no more than its budget and that.</summary>
internal sealed class CapCheck(HttpClient http)
{
    private long _inFlight;

    /// <param name="crowd">Those who came since the last check.</param>
    /// <exception cref="CrashFailureException">A cap or the budget was exceeded, or an acknowledged showing is missing.</exception>
    public async Task RunAsync(CappedConsumer[] crowd, CancellationToken stop)
    {
        _inFlight += crowd.Sum(c => (long)c.InFlight);
        foreach (CappedConsumer consumer in crowd)
        {
            long shown = await ShownAsync(consumer.Id, stop);
            int acknowledged = consumer.Shown.Count(t => t.Acknowledged);
            if (shown < acknowledged)
            {
                throw new CrashFailureException($"{consumer.Id} was shown {shown} times, and {acknowledged} were acknowledged");
            }

            if (shown > CappedBrand.Cap + consumer.InFlight)
            {
                throw new CrashFailureException($"{consumer.Id} was shown {shown} times; the cap is {CappedBrand.Cap} and {consumer.InFlight} reservations were in flight");
            }
        }

        JsonElement pulse = await http.GetFromJsonAsync<JsonElement>($"v1/brands/{CappedBrand.Id}/pulse", stop);
        long spent = pulse.GetProperty("campaigns").EnumerateArray().Sum(c => c.GetProperty("spendMicros").GetInt64());
        long most = (CappedBrand.Paid + _inFlight) * CappedBrand.Price;
        if (spent > most)
        {
            throw new CrashFailureException($"the capped campaign spent {spent}; {most} is its budget with what was in flight");
        }
    }

    private async Task<long> ShownAsync(string consumer, CancellationToken stop)
    {
        using HttpResponseMessage answer = await http.GetAsync($"v1/consumers/{consumer}", stop);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return 0;
        }

        JsonElement view = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        return view.GetProperty("brands").TryGetProperty(CappedBrand.Id, out JsonElement brand)
            && brand.GetProperty("behaviours").TryGetProperty("impression", out JsonElement shown) ? shown.GetProperty("count").GetInt64() : 0;
    }
}
