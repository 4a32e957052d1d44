using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Decisioning.Crash;

namespace Decisioning.Faults;

/// <summary>
/// Consumers whose interest in a brand ends while a fault goes on, one after the other: nobody calls about them, so that their stages fall by themselves or not at all. The first
/// silo that answers is asked again and again how many are left.
/// </summary>
/// <param name="silos">In the order in which they are asked.</param>
/// <param name="name">Of the crowd, unlike any other's.</param>
internal sealed class FadingCrowd(IReadOnlyList<Uri> silos, string name) : IDisposable
{
    private const int Crowd = 60;

    // How long an unbranded search counts.
    private static readonly TimeSpan Window = TimeSpan.FromDays(15);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly DateTimeOffset[] _due = new DateTimeOffset[Crowd];
    private int _gone;

    /// <summary>By how much the latest of them was late.</summary>
    public TimeSpan Latest { get; private set; }

    /// <summary>Has everybody search at such a time that it no longer counts from a time soon on, and waits until the books have them.</summary>
    /// <exception cref="CrashFailureException">A search was not accepted, or the books did not have everybody before the first was to fall.</exception>
    public async Task SearchAsync(CancellationToken stop)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        for (int i = 0; i < Crowd; i++)
        {
            _due[i] = now + First + (i * Apart);
        }

        // Each silo is told of its share, and so has their grains.
        for (int i = 0; i < silos.Count; i++)
        {
            await TellAsync(silos[i], [.. Enumerable.Range(0, Crowd).Where(n => n % silos.Count == i)], stop);
        }

        while (await LeftAsync(stop) != Crowd)
        {
            if (DateTimeOffset.UtcNow > _due[0])
            {
                throw new CrashFailureException($"the books did not have {Crowd} who searched within {First.TotalSeconds:0} s");
            }

            await Task.Delay(AskAgain, stop);
        }
    }

    /// <summary>Watches until nobody is left.</summary>
    /// <exception cref="CrashFailureException">Somebody's stage fell before its time, or not in a minute after the last was to.</exception>
    public async Task WatchAsync(CancellationToken stop)
    {
        while (_gone < Crowd)
        {
            if (await LeftAsync(stop) is { } left)
            {
                Count(Crowd - left, DateTimeOffset.UtcNow);
            }

            if (DateTimeOffset.UtcNow > _due[^1] + LongestWait)
            {
                throw new CrashFailureException($"{Crowd - _gone} of {Crowd} stages had not fallen a minute after the last was to");
            }

            await Task.Delay(AskAgain, stop);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task TellAsync(Uri silo, int[] who, CancellationToken stop)
    {
        var events = who.Select(n => new
        {
            eventId = $"{name}-{n}",
            consumerId = $"{name}-fading-{n}",
            brand = FadingBrand.Id,
            type = "search",
            occurredAt = (_due[n] - Window).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        });
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(new Uri(silo, "v1/events"), new { events }, stop);
        JsonElement reply = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        if (!answer.IsSuccessStatusCode || reply.GetProperty("accepted").GetInt32() != who.Length)
        {
            throw new CrashFailureException($"the searches were answered with {(int)answer.StatusCode} {reply}");
        }
    }

    private void Count(int gone, DateTimeOffset seen)
    {
        for (; _gone < gone; _gone++)
        {
            TimeSpan late = seen - _due[_gone];
            if (late < TimeSpan.Zero)
            {
                throw new CrashFailureException($"{gone} of {Crowd} stages had fallen {-late.TotalSeconds:0.00} s before the last of them was to");
            }

            Latest = late > Latest ? late : Latest;
        }
    }

    /// <returns>Null where no silo says now.</returns>
    private async Task<int?> LeftAsync(CancellationToken stop)
    {
        foreach (Uri silo in silos)
        {
            try
            {
                JsonElement pulse = await _http.GetFromJsonAsync<JsonElement>(new Uri(silo, $"v1/brands/{FadingBrand.Id}/pulse"), stop);
                return pulse.GetProperty("stages").GetProperty("awareness").GetInt32();
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                // The next one may know.
            }
        }

        return null;
    }
}

/// <summary>A brand that has nothing to show and is searched for.</summary>
internal static class FadingBrand
{
    public const string Id = "fading";

    public const string Document = """{ "name": "Fading", "industry": "beauty", "timeZone": "Asia/Shanghai", "currency": "CNY" }""";
}
