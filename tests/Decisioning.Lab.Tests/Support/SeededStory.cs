using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Decisioning.Lab.Replay;

namespace Decisioning.Lab.Tests.Support;

/// <summary>Plays everything that can happen to a few consumers on an embedded engine, in an order that the seed decides.</summary>
/// <param name="keepDays">How long the journal is kept.</param>
/// <param name="erases">Whether consumers are erased: what is scrubbed can only be bounded, not recounted.</param>
/// <param name="changesRules">Whether a brand's rules change on the way.</param>
/// <param name="deletesBrand">Whether the other brand is deleted before the last third.</param>
internal sealed class SeededStory(int seed, string folder, int keepDays, bool erases = true, bool changesRules = false, bool deletesBrand = false)
{
    /// <summary>Every rule that bears on a recount: caps of each kind, both prices, short windows, impressions that make aware, clicks that interest.</summary>
    internal const string Strict = """
        { "name": "Strict", "industry": "beauty", "timeZone": "America/New_York", "currency": "USD",
          "rules": { "windows": { "awareness": "2d", "interest": "3d", "purchase": "20d", "loyalty": "10d" }, "awarenessFrom": "impression", "adClick": "interest",
                     "keenSpend": "60.00", "reserve": "90s", "intent": { "afterPurchase": 0.25 } },
          "caps": [ { "max": 40, "per": "1d" }, { "max": 200, "per": "lifetime" } ],
          "creatives": { "a": { "format": "image", "size": "fluid", "url": "https://x.example/a", "landing": "https://x.example/", "caps": [ { "max": 30, "per": "12h" } ] },
                         "b": { "like": "a", "url": "https://x.example/b" } },
          "storylines": { "s": { "restart": "week", "steps": [
              { "id": "one", "for": ["none", "awareness", "interest", "purchase", "loyalty"], "creatives": ["a", "b"], "caps": [ { "max": 25, "per": "6h" } ] } ] } },
          "campaigns": { "by-view": { "storyline": "s", "holdout": 0.5, "price": { "model": "cpm", "amount": "5.00" }, "budget": { "total": "0.30" }, "caps": [ { "max": 20, "per": "1d" } ] },
                         "by-click": { "storyline": "s", "price": { "model": "cpc", "amount": "0.10" }, "budget": { "total": "3.00", "daily": "0.50", "pacing": "asap" } },
                         "by-day": { "storyline": "s", "from": "2026-09-01", "to": "2026-10-03", "price": { "model": "flat", "amount": "70.00" } } } }
        """;

    /// <summary>A brand that must be told of consent: without it, its decisions are contextual.</summary>
    private const string Shy = """
        { "name": "Shy", "industry": "beauty", "timeZone": "UTC", "currency": "EUR", "requireConsent": true,
          "creatives": { "c": { "format": "html", "size": "fluid", "url": "https://y.example/c", "landing": "https://y.example/" } },
          "storylines": { "t": { "steps": [ { "id": "only", "for": ["none", "awareness", "interest", "purchase", "loyalty"], "creatives": ["c"] } ] } },
          "campaigns": { "k": { "storyline": "t", "price": { "model": "cpm", "amount": "1.00" } } } }
        """;

    private const long Start = 1_790_000_000_000;
    private const int Consumers = 6;

    /// <summary>Before the clock jumps over as much, ms, the books are brought up to it: they never are days behind.</summary>
    private const long LongGap = 3_600_000;

    private readonly Random _random = new(seed);
    private readonly StreamClock _clock = new(Start);
    private readonly List<DecisionRef> _decisions = [];
    private readonly List<EventCommand> _sent = [];
    private int _events;

    /// <summary>Runs so many steps; between them the engine is closed and opened again twice.</summary>
    public async Task PlayAsync(int steps)
    {
        // The secret seeds the draws: with the same one, the same seed tells the same story.
        File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(folder).FullName, "engine.secret"), [.. Enumerable.Range(seed, 40).Select(i => (byte)i)]);
        for (int life = 0; life < 3; life++)
        {
            var options = new EngineOptions { DataFolder = folder, WriteBackEvery = TimeSpan.FromMilliseconds(20), KeepJournal = TimeSpan.FromDays(keepDays) };
            await using EmbeddedHost host = await EmbeddedHost.OpenAsync(options, _clock, default);
            if (life == 0)
            {
                await PutAsync(host, "strict", Strict);
                await PutAsync(host, "shy", Shy);
                await host.PutSettingsAsync("""{ "caps": [ { "max": 45, "per": "2d" } ] }"""u8.ToArray(), "test", default);
            }

            if (life == 1 && changesRules)
            {
                await PutAsync(host, "strict", Strict.Replace("\"interest\": \"3d\"", "\"interest\": \"1d\"", StringComparison.Ordinal));
            }

            if (life == 2 && deletesBrand)
            {
                Assert.Equal(CatalogueOutcome.Done, (await host.DeleteBrandAsync("shy", null, "test", default)).Outcome);
            }

            for (int i = 0; i < steps / 3; i++)
            {
                long gap = Gap();
                if (gap > LongGap)
                {
                    // What began in the background before is over, and in the books.
                    await host.RunCalendarAsync(default);
                    await host.RunPassAsync(default);
                    host.RunBooks();
                }

                _clock.AdvanceTo(_clock.Now + gap);
                await StepAsync(host);
            }

            // While changed rules are worked off, a recount is ahead of the books.
            if (!changesRules)
            {
                await RecountAsync(host);
            }
        }
    }

    private static async Task PutAsync(EmbeddedHost host, string brand, string document)
    {
        CatalogueChange change = await host.PutBrandAsync(brand, System.Text.Encoding.UTF8.GetBytes(document), null, "test", default);
        Assert.Equal(CatalogueOutcome.Done, change.Outcome);
    }

    /// <summary>What the engine shows is what it counts, at any moment.</summary>
    private static async Task RecountAsync(EmbeddedHost host)
    {
        foreach (BrandSnapshot brand in host.Catalogue.Brands)
        {
            RecountReport? report = await host.RecountAsync(brand.Id, default);
            Assert.Empty(report!.Mismatches);
        }
    }

    private long Gap() => _random.Next(10) switch
    {
        0 => _random.Next(36 * 3_600_000),
        < 4 => _random.Next(600_000),
        _ => _random.Next(3_000),
    };

    private async Task StepAsync(EmbeddedHost host)
    {
        switch (_random.Next(100))
        {
            case < 30:
                await DecideAsync(host);
                break;
            case < 60 when _decisions.Count > 0:
                await host.TrackAsync(Pick(_decisions), (EventType)_random.Next((int)EventType.Dismiss + 1), default);
                break;
            case < 62 when _random.Next(4) == 0 && erases:
                await host.EraseConsumerAsync(Consumer(), default);
                break;
            case < 66 when _sent.Count > 0:
                await host.RecordAsync([Pick(_sent)], host.Catalogue, default);
                break;
            case < 70:
                await host.ImportAsync([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => OldEvent())], host.Catalogue, default);
                break;
            default:
                EventCommand[] events = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => NewEvent())];
                _sent.AddRange(events);
                await host.RecordAsync(events, host.Catalogue, default);
                break;
        }
    }

    private async Task DecideAsync(EmbeddedHost host)
    {
        string consumer = Consumer();
        DecideReply reply = await host.DecideAsync(
            new DecideCommand
            {
                ConsumerId = consumer,
                Consent = _random.Next(3) switch { 0 => null, 1 => true, _ => _random.Next(4) > 0 },
                RequestId = _random.Next(3) == 0 ? $"r{_random.Next(50)}" : null,
                Catalogue = host.Catalogue,
                Brands = host.Catalogue.Brands,
                Placements =
                {
                    new PlacementCommand { Id = "p", Formats = _random.Next(12) == 0 ? 1 << (int)CreativeFormat.Native : 0xF, Count = _random.Next(1, 4), ConfirmAtDecision = _random.Next(5) == 0, Channel = "home" },
                },
            },
            default);
        foreach (SlotDecision d in reply.Placements.SelectMany(p => p.Decisions))
        {
            _decisions.Add(new DecisionRef(
                d.Contextual ? null : consumer, d.Campaign.Brand.Symbol, d.Campaign.Symbol, d.Step.Symbol, d.Creative.Symbol, d.Ordinal, reply.At, d.ReserveSeconds,
                d.Campaign.PriceModel, d.Campaign.UnitPriceMicros, d.ChannelMark));
        }
    }

    private EventCommand NewEvent()
    {
        EventType type = (EventType)_random.Next((int)EventType.View, (int)EventType.LeaveMember + 1);
        bool elsewhere = _random.Next(12) == 0;
        bool strict = _random.Next(3) > 0;
        long age = _random.Next(8) switch { 0 => _random.NextInt64(20 * 86_400_000L), 1 => -_random.Next(240_000), _ => _random.Next(60_000) };
        bool money = type is EventType.Purchase or EventType.Deposit or EventType.Refund;
        return new EventCommand
        {
            EventId = $"e{_events++}",
            Type = elsewhere ? (EventType)_random.Next((int)EventType.Dismiss + 1) : type,
            ConsumerId = Consumer(),
            Brand = strict ? "strict" : "shy",
            OccurredAt = _clock.Now - age,
            Item = _random.Next(4) == 0 ? null : $"i{_random.Next(5)}",
            OrderId = money ? $"o{_random.Next(8)}" : null,
            Value = money ? _random.Next(1, 4) * 10_000_000 : null,
            Currency = money ? strict ? "USD" : "EUR" : null,
            Rating = _random.Next(1, 6),
            Creative = elsewhere ? strict ? "a" : "c" : null,
        };
    }

    /// <summary>History of any age, from long before the story.</summary>
    private EventCommand OldEvent()
    {
        EventType type = (EventType)_random.Next((int)EventType.LeaveMember + 1);
        bool money = type is EventType.Purchase or EventType.Deposit or EventType.Refund;
        bool strict = _random.Next(2) == 0;
        return new EventCommand
        {
            EventId = $"h{_events++}",
            Type = type,
            ConsumerId = Consumer(),
            Brand = strict ? "strict" : "shy",
            OccurredAt = _clock.Now - _random.NextInt64(500 * 86_400_000L),
            Item = $"i{_random.Next(5)}",
            OrderId = money ? $"o{_random.Next(8)}" : null,
            Value = money ? _random.Next(1, 4) * 10_000_000 : null,
            Currency = money ? strict ? "USD" : "EUR" : null,
            Rating = _random.Next(1, 6),
            Creative = type <= EventType.Dismiss ? strict ? "a" : "c" : null,
        };
    }

    private string Consumer() => $"c{_random.Next(Consumers)}";

    private T Pick<T>(List<T> from) => from[Math.Max(0, from.Count - 1 - _random.Next(60))];
}
