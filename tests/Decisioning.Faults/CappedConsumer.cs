using System.Text.Json;
using Decisioning.Crash;

namespace Decisioning.Faults;

/// <summary>A consumer of the capped brand: whatever is decided for it is shown at once, and who lost an answer has lost a reservation.</summary>
internal sealed class CappedConsumer(string id)
{
    private readonly Lock _gate = new();
    private int _asked;
    private int _underWay;
    private int _unsettled;
    private bool _striking;

    public string Id => id;

    /// <summary>Decisions that were answered or may have been, and whose showing was not acknowledged when something failed: reservations that a fault may have taken along.</summary>
    public int InFlight { get; private set; }

    /// <summary>Showings that were sent, acknowledged or not.</summary>
    public List<SentTracker> Shown { get; } = [];

    /// <summary>A fault comes now: what is under way, or begins before it has come, may lose its reservation.</summary>
    public void Strike()
    {
        lock (_gate)
        {
            InFlight += _underWay + _unsettled;
            _striking = true;
        }
    }

    /// <summary>It has come.</summary>
    public void Struck()
    {
        lock (_gate)
        {
            _striking = false;
        }
    }

    /// <exception cref="HttpRequestException">No silo answered.</exception>
    public async Task ShowAsync(HttpClient http, CancellationToken stop)
    {
        lock (_gate)
        {
            _underWay++;
            _asked++;
            InFlight += _striking ? 1 : 0;
        }

        bool settled = false;
        try
        {
            if (await FaultLoad.AskAsync(http, CappedBrand.Id, id, $"{id}-{_asked}", stop) is { } decision)
            {
                SentTracker tracker = new(FaultLoad.PathOf(decision, "impressionUrl"), "impression");
                lock (_gate)
                {
                    Shown.Add(tracker);
                }

                settled = await TrackerCaller.CallAsync(http, tracker, stop);
            }
            else
            {
                settled = true;
            }
        }
        finally
        {
            lock (_gate)
            {
                _underWay--;
                _unsettled += settled ? 0 : 1;
            }
        }
    }
}

/// <summary>The brand whose caps and budget must hold: few showings a consumer, and money for fewer than are asked for.</summary>
internal static class CappedBrand
{
    public const string Id = "capped";

    /// <summary>Showings a consumer at most.</summary>
    public const int Cap = 4;

    /// <summary>Showings that the budget pays at most.</summary>
    public const int Paid = 4_500;

    /// <summary>Micros that a showing costs.</summary>
    public const long Price = 1_000_000;

    public const string Document = """
        { "name": "Capped", "industry": "beauty", "timeZone": "Asia/Shanghai", "currency": "CNY",
          "caps": [ { "max": 4, "per": "7d" } ],
          "creatives": { "only": { "format": "image", "size": "fluid", "url": "https://cdn.example/1", "landing": "https://capped.example/" } },
          "storylines": { "tale": { "steps": [
            { "id": "only", "for": ["none", "awareness", "interest", "purchase", "loyalty"], "creatives": ["only"] } ] } },
          "campaigns": {
            "views": { "storyline": "tale", "price": { "model": "cpm", "amount": "1000.00" }, "budget": { "total": "4500.00", "pacing": "asap" } } } }
        """;
}
