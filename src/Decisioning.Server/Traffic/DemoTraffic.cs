using Decisioning.Core.Catalogue;

namespace Decisioning.Server.Traffic;

/// <summary>
/// The demo crowd: a bounded number of shoppers who visit the demo brands through the server's own HTTP API for a while, so that a newcomer sees the page live.
/// Who comes, in which order and how each chance falls is seeded; what the engine makes of it is its own. It touches no brand but the demo's.
/// </summary>
internal sealed class DemoTraffic(CrowdClient client, CatalogueSnapshot catalogue, TimeProvider clock, TextWriter output)
{
    /// <summary>Longest that a crowd may stay: a day.</summary>
    public const int LongestSeconds = 86_400;

    /// <summary>Different shoppers; each comes back again and again.</summary>
    private const int Shoppers = 600;

    /// <summary>Visits begun in a second.</summary>
    private const int VisitsPerSecond = 25;

    /// <summary>Visits under way at once: a slow server is not pressed further.</summary>
    private const int AtOnce = 16;

    private const int Seed = 20_261_122;

    private readonly TrafficTally _tally = new();

    /// <summary>Sends the crowd and returns when its last visit ended. It says at its start and end what it does; faults of visits are counted, not thrown.</summary>
    /// <param name="duration">For how long visits begin.</param>
    /// <param name="stop">Ends it early, visits under way included.</param>
    public async Task RunAsync(TimeSpan duration, CancellationToken stop)
    {
        string[] missing = [.. new[] { DemoCatalogue.AuroraId, DemoCatalogue.BorealisId }.Where(brand => catalogue.Find(brand) is null)];
        if (missing.Length > 0)
        {
            output.WriteLine($"Traffic: no crowd comes, for the catalogue has no demo brand {string.Join(" and ", missing)}.");
            return;
        }

        output.WriteLine($"Traffic: a crowd of {Shoppers} visits aurora and borealis for {duration.TotalSeconds:0} s, {VisitsPerSecond} visits a second.");
        try
        {
            await SendAsync(duration, stop);
            output.WriteLine($"Traffic: the crowd has left. {_tally}.");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            output.WriteLine($"Traffic: the crowd was sent home. {_tally}.");
        }
    }

    private async Task SendAsync(TimeSpan duration, CancellationToken stop)
    {
        long started = clock.GetTimestamp();
        string run = clock.GetUtcNow().ToUnixTimeSeconds().ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        Random order = new(Seed);
        HashSet<int> met = [];
        HashSet<Task> underWay = [];
        using PeriodicTimer beat = new(TimeSpan.FromSeconds(1.0 / VisitsPerSecond), clock);
        for (int number = 0; clock.GetElapsedTime(started) < duration; number++)
        {
            await beat.WaitForNextTickAsync(stop);
            int shopper = order.Next(Shoppers);
            Visit visit = new(Shopper.Of(shopper), number, run, clock.GetUtcNow(), client, _tally);
            underWay.Add(RunOneAsync(visit, met.Add(shopper), stop));
            while (underWay.Count >= AtOnce)
            {
                underWay.Remove(await Task.WhenAny(underWay));
            }
        }

        await Task.WhenAll(underWay);
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>A visit that fails is one less; the crowd goes on.</summary>
    private async Task RunOneAsync(Visit visit, bool isFirst, CancellationToken stop)
    {
        try
        {
            await visit.RunAsync(isFirst, stop);
        }
        catch (HttpRequestException fault)
        {
            _tally.Fail();
            if (_tally.Failed == 1)
            {
                output.WriteLine($"Traffic: a visit failed. {fault.Message} Further ones are counted.");
            }
        }
        catch (OperationCanceledException)
        {
            // Sent home in the middle of a visit.
            _tally.Fail();
        }
    }
}
