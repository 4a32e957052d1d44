using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record.Facts;
using Decisioning.Core.Tests.Consumers;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Aggregate;

/// <summary>One played consumer with everything that was accepted of it, for recounts.</summary>
internal sealed class BookConsumer(PlayedConsumer played)
{
    public PlayedConsumer Played => played;

    public List<Happening> Accepted { get; } = [];

    /// <summary>When it last heard of anything but time.</summary>
    public long LastHeard { get; set; }
}

/// <summary>
/// A crowd with one brand, on one clock: histories out of order, imports, decisions, erasures, calendar entries worked off late, months in which nothing happens.
/// What every turn journals is folded into whole books and into parts.
/// </summary>
internal sealed class BookWorld
{
    private readonly Random _random;
    private readonly CatalogueSnapshot _catalogue;
    private readonly List<(long At, int Consumer, Happening Happening)> _agenda = [];
    private ServerTotals[] _parts;

    public BookWorld(int seed)
    {
        _random = new Random(seed);
        Brand = OracleWorlds.All[seed % OracleWorlds.All.Length];
        _catalogue = Brands.Together(Brand);
        Consumers = [.. Enumerable.Range(0, 8).Select(i => New(i, Worlds.Noon))];
        for (int i = 0; i < Consumers.Length; i++)
        {
            foreach (Happening happening in new RandomHistory(_random, Brand).Make(_random.Next(1, 30)))
            {
                _agenda.Add((happening.ReceivedAt, i, Named(happening, i)));
            }
        }

        _agenda.Sort((a, b) => a.At.CompareTo(b.At));
        Now = _agenda[0].At;
        _parts = NewParts();
    }

    public BrandSnapshot Brand { get; }

    public BookConsumer[] Consumers { get; }

    public long Now { get; private set; }

    public ServerTotals Whole { get; } = new();

    /// <summary>What the parts were merged into.</summary>
    public ServerTotals Merged { get; } = new();

    public BrandTotals Books => Whole.Of(Brand.Symbol);

    /// <summary>What turns journalled, in their order.</summary>
    public List<byte[]> Journal { get; } = [];

    /// <summary>By the start of each hour: the counts after the last record in it.</summary>
    public SortedDictionary<long, long[]> LevelsByHour { get; } = [];

    public int Erased { get; private set; }

    public int Imported { get; private set; }

    /// <summary>Plays to the end, stopping after every few happenings.</summary>
    public void Play(Action stop)
    {
        foreach ((long at, int index, Happening happening) in _agenda)
        {
            Now = at;
            Tell(Consumers[index], happening);
            Wander(index);
            if (_random.Next(10) == 0)
            {
                CatchUp();
                stop();
            }
        }

        Now += _random.NextInt64(1_000 * Worlds.Day);
        CatchUp();
        stop();
        MergeParts();
    }

    /// <summary>Works off every calendar entry that is due, as a host does.</summary>
    public void CatchUp()
    {
        foreach (BookConsumer consumer in Consumers)
        {
            if (consumer.Played.Packed is { } packed && ConsumerCodec.CalendarHourOf(packed) is > 0 and int hour && hour <= Now / Worlds.Hour)
            {
                Run(consumer, played => played.Touch());
            }
        }
    }

    public void Revalue()
    {
        MergeParts();
        var powers = new AssetPowers(_random.Next(1_000), _random.Next(10_000), _random.Next(100_000), _random.Next(1_000_000));
        int day = Brand.Calendar.DayOf(Now);
        Appraisal appraisal = NewAppraisal();
        Whole.Of(Brand.Symbol).Revalue(powers, day, Now, appraisal);
        Merged.Of(Brand.Symbol).Revalue(powers, day, Now, appraisal);
        _parts = NewParts();
        Level();
    }

    private Appraisal NewAppraisal()
    {
        // Apart from the world's own chance, which decides what happens in it.
        var random = new Random((int)(Now & int.MaxValue));
        return new Appraisal
        {
            At = Now,
            From = random.NextInt64(1L << 40),
            To = random.NextInt64(1L << 40),
            Market = [.. Enumerable.Range(1, random.Next(1, 5))],
            MarketConsumers = random.Next(1_000),
            MarketSpendMicros = random.NextInt64(1L << 60),
            Stages = [.. Names.AllStages.Select(_ => new StageTally(random.Next(1_000), random.NextInt64(1L << 60), random.Next(1_000), random.Next(1_000)))],
        };
    }

    private void MergeParts()
    {
        foreach (ServerTotals part in _parts)
        {
            Merged.Merge(part);
        }

        _parts = NewParts();
    }

    private ServerTotals[] NewParts() => [Merged.NewPart(), Merged.NewPart(), Merged.NewPart()];

    private BookConsumer New(int index, long now) => new(new PlayedConsumer(_catalogue, now) { ConsumerId = $"c-{index}", Brands = [Brand.Id] });

    private static Happening Named(Happening happening, int index) =>
        happening.Decision is null ? happening : happening with { Decision = happening.Decision with { ConsumerId = $"c-{index}" } };

    private void Tell(BookConsumer consumer, Happening happening)
    {
        bool import = _random.Next(6) == 0 && happening.At <= Now;
        EventCommand command = happening.Command(consumer.Played.ConsumerId, Brand.Id);
        Run(consumer, played =>
        {
            EventResult result = import ? played.Import(command) : played.Report(command);
            if (result.Status == EventStatus.Accepted)
            {
                consumer.Accepted.Add(happening);
                consumer.LastHeard = Now;
                Imported += import ? 1 : 0;
            }
        });
    }

    private void Wander(int index)
    {
        BookConsumer consumer = Consumers[index];
        switch (_random.Next(12))
        {
            case 0 or 1:
                Decide(consumer);
                break;
            case 2 when _random.Next(6) == 0:
                consumer.Played.Now = Now;
                Fold(consumer.Played.Erase());
                Consumers[index].Accepted.Clear();
                Erased++;
                break;
            case 3:
                Run(Consumers[_random.Next(Consumers.Length)], played => played.Touch());
                break;
            case 4 when _random.Next(3) == 0:
                Revalue();
                break;
        }
    }

    private void Decide(BookConsumer consumer)
    {
        DecideReply reply = null!;
        Run(consumer, played => reply = played.Decide(c => c.Consent = true, channel: $"channel {_random.Next(5)}"));
        foreach (SlotDecision decision in reply.Placements[0].Decisions)
        {
            DecisionRef token = PlayedConsumer.RefOf(decision, reply.At) with { ConsumerId = consumer.Played.ConsumerId };
            for (EventType type = EventType.Impression; type <= EventType.Click && _random.Next(5) > 0; type++)
            {
                Run(consumer, played => played.Track(token, type));
                consumer.LastHeard = Now;
                if (reply.At > (consumer.Played.ErasedAt ?? 0))
                {
                    // A token of the very instant of an erasure counts nothing, as those before it.
                    consumer.Accepted.Add(new Happening(type, Now, Now, "") { Decision = token });
                }
            }
        }
    }

    private void Run(BookConsumer consumer, Action<PlayedConsumer> act)
    {
        consumer.Played.Now = Now;
        int before = consumer.Played.Journal.Count;
        act(consumer.Played);
        foreach ((_, _, byte[] payload) in consumer.Played.Journal.Skip(before))
        {
            Fold(payload);
        }
    }

    private void Fold(byte[] payload)
    {
        Journal.Add(payload);
        Whole.Fold(TurnFacts.Of(payload));
        _parts[_random.Next(_parts.Length)].Fold(TurnFacts.Of(payload));
        Level();
    }

    private void Level() => LevelsByHour[Now - Now % Worlds.Hour] = Books.Counts.ToArray();
}
