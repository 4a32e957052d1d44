using System.Globalization;
using System.Text.Json.Nodes;
using Decisioning.Core.Catalogue;

namespace Decisioning.Server.Traffic;

/// <summary>One visit of a shopper: a creative is asked for and met in some way, then he looks around, and sometimes buys or sends back.</summary>
/// <param name="shopper">Who.</param>
/// <param name="number">Of the visit; unlike that of any other since the program started.</param>
/// <param name="run">Sets the ids of this start apart from those of others.</param>
/// <param name="now">The instant of the visit.</param>
internal sealed class Visit(Shopper shopper, int number, string run, DateTimeOffset now, CrowdClient client, TrafficTally tally)
{
    private const double Rendered = 0.94;
    private const double Viewable = 0.78;
    private const double Watched = 0.4;
    private const double Skipped = 0.1;
    private const double SentBack = 0.06;

    // The first shop visits of those who already know the brand lie this far back.
    private const double KnowsBrand = 0.55;
    private const double BoughtOnce = 0.84;
    private const double BoughtTwice = 0.94;

    private static readonly string[] Channels = ["home", "feed", "search"];

    private readonly Random _chance = new(number);
    private readonly List<JsonObject> _events = [];

    /// <exception cref="HttpRequestException">The server refused something or did not answer.</exception>
    public async Task RunAsync(bool isFirst, CancellationToken cancellation)
    {
        string channel = Channels[_chance.Next(Channels.Length)];
        if (isFirst)
        {
            BringPast();
        }

        JsonNode? decision = await client.DecideAsync(Request(channel), cancellation);
        tally.Decided(decision is not null);
        if (decision is not null)
        {
            await MeetAsync(decision, cancellation);
        }

        LookAround(channel);
        if (_events.Count > 0)
        {
            tally.Recorded(await client.RecordAsync(_events, cancellation));
        }

        tally.Visited();
    }

    private JsonObject Request(string channel) => new()
    {
        ["requestId"] = Id("r"),
        ["consumer"] = new JsonObject
        {
            ["id"] = shopper.Id,
            ["attributes"] = new JsonObject { ["age"] = shopper.Age, ["tier"] = shopper.Tier },
            ["consent"] = true,
        },
        ["placements"] = new JsonArray(new JsonObject { ["id"] = $"{channel}-top", ["channel"] = channel }),
        ["context"] = new JsonObject { ["device"] = shopper.Device, ["country"] = shopper.Country },
        ["brands"] = new JsonArray(shopper.Brand),
    };

    private async Task MeetAsync(JsonNode decision, CancellationToken cancellation)
    {
        if (!Happens(Rendered))
        {
            return;
        }

        await TrackAsync(decision["impressionUrl"], cancellation);
        if (!Happens(Viewable))
        {
            return;
        }

        await TrackAsync(decision["viewableUrl"], cancellation);
        if (Happens(Watched))
        {
            await TrackAsync($"{decision["eventUrl"]}?k=watched", cancellation);
        }
        else if (Happens(Skipped))
        {
            await TrackAsync($"{decision["eventUrl"]}?k=skip", cancellation);
        }

        if (Happens(Appeal((string)decision["creative"]!["id"]!)))
        {
            await TrackAsync(decision["clickUrl"], cancellation);
        }
    }

    private async Task TrackAsync(JsonNode? url, CancellationToken cancellation)
    {
        await client.TrackAsync((string)url!, cancellation);
        tally.Tracked();
    }

    /// <summary>How often a creative is clicked by this shopper: each creative has an appeal of its own, so that there is a ranking to see.</summary>
    private double Appeal(string creative)
    {
        const double Least = 0.02;
        const double Spread = 0.14;
        int letters = creative.Sum(static letter => letter);
        return (Least + (Spread * (letters % 10) / 10)) * (0.5 + shopper.Keenness);
    }

    /// <summary>What those who know the brand did before there was a server: it counts where it belongs.</summary>
    private void BringPast()
    {
        if (shopper.Keenness < KnowsBrand)
        {
            return;
        }

        Add("view", now.AddDays(-9).AddMinutes(-_chance.Next(600)));
        if (shopper.Keenness > BoughtOnce)
        {
            Buy("past-1", now.AddDays(-12).AddMinutes(-_chance.Next(600)));
        }

        if (shopper.Keenness > BoughtTwice)
        {
            Buy("past-2", now.AddDays(-4).AddMinutes(-_chance.Next(600)));
        }
    }

    private void LookAround(string channel)
    {
        double keen = shopper.Keenness;
        AddIf(0.45, "view", channel);
        AddIf(0.08, "content_engage", channel);
        AddIf(0.05 + (0.1 * keen), "brand_search", channel);
        AddIf(0.06 * keen, "follow", channel);
        AddIf(0.14 * keen, "favorite", channel);
        if (!Happens(0.22 * keen))
        {
            return;
        }

        Add("cart", now, channel);
        if (Happens(0.45))
        {
            Buy("now", now, channel);
            if (Happens(SentBack))
            {
                SendBack("now");
            }
        }
    }

    private void AddIf(double probability, string type, string channel)
    {
        if (Happens(probability))
        {
            Add(type, now, channel);
        }
    }

    private void Buy(string order, DateTimeOffset at, string? channel = null)
    {
        Add("purchase", at, channel, order);
        tally.Bought();
    }

    private void SendBack(string order)
    {
        Add("refund", now, null, order);
        tally.Refunded();
    }

    private void Add(string type, DateTimeOffset at, string? channel = null, string? order = null)
    {
        JsonObject happened = new()
        {
            ["eventId"] = $"{Id("e")}-{_events.Count}",
            ["type"] = type,
            ["consumerId"] = shopper.Id,
            ["brand"] = shopper.Brand,
            ["occurredAt"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["item"] = $"sku-{shopper.Age % 7}",
        };
        if (channel is not null)
        {
            happened["channel"] = channel;
        }

        if (order is not null)
        {
            const int UnitMicros = 1_000_000;
            happened["orderId"] = $"{Id("o")}-{order}";
            happened["value"] = (long)(49 + (shopper.Age * 5)) * UnitMicros;
            happened["currency"] = shopper.Brand == DemoCatalogue.AuroraId ? "CNY" : "EUR";
        }

        _events.Add(happened);
    }

    private bool Happens(double probability) => _chance.NextDouble() < probability;

    private string Id(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{run}-{number}");
}
