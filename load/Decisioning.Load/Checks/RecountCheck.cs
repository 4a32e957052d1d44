using System.Net;
using System.Text.Json;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Checks;

/// <summary>After the run: the server counts the run's brands anew and finds what it shows. Left out where the key may not ask.</summary>
internal sealed class RecountCheck(WorldIds ids)
{
    public Finding Finding { get; } = new("books equal a recount");

    /// <param name="brands">How many the run has.</param>
    public async Task FinishAsync(WorldTarget target, int brands, CancellationToken stop)
    {
        for (int b = 0; b < brands; b++)
        {
            string brand = ids.BrandOf(b);
            (HttpStatusCode status, byte[] body) = await target.SendAsync(
                HttpMethod.Get, $"v1/brands/{brand}/recount", null, stop, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound);
            if (status != HttpStatusCode.OK)
            {
                return;
            }

            using JsonDocument recount = JsonDocument.Parse(body);
            Look(brand, recount.RootElement);
        }
    }

    /// <param name="recount">As <c>GET /v1/brands/{brand}/recount</c> answers it.</param>
    public void Look(string brand, JsonElement recount)
    {
        if (recount.GetProperty("ok").GetBoolean())
        {
            Finding.Held();
        }
        else
        {
            Finding.Failed($"The recount of {brand} finds {recount.GetProperty("mismatches")} that the books have otherwise.");
        }
    }
}
