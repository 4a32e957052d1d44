using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;
using Decisioning.Engine.Tests.Storage;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Calendar;

/// <summary>How late what time changes is published: by the calendar's own beat, on the options as they come, under a clock that goes in small steps.</summary>
public sealed class LatenessTests
{
    private const long Window = 15 * Watching.DayMs;
    private const long MostLateMs = 2_000;
    private const long StepMs = 100;
    private const int Pairs = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SteppedClock _time = new();
    private readonly TestWorld _world;

    public LatenessTests()
    {
        _time.Advance(TimeSpan.FromDays(20_000));
        // No rests: a step of the clock within a slice would count as work, and its rest never end once the clock stands.
        EngineOptions options = new() { DataFolder = "", Shards = 4, MaxResidentBytes = 64 << 20, CalendarShare = 1, PassShare = 1 };
        _world = new TestWorld { Time = _time, Options = options };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stage_that_ends_is_published_at_most_two_seconds_late(bool onDisk)
    {
        await _world.OpenAsync();
        Random random = new(9);
        long[] due = new long[Pairs];
        for (int i = 0; i < Pairs; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(5_000, random.Next(2) == 0 ? 90_000 : 3_000_000)));
            due[i] = Now + Window;
            await CartAsync($"first-{i}");
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await CartAsync($"next-{i}");
        }

        if (onDisk)
        {
            await _world.EvictAsync();
        }

        for (int i = 0; i < Pairs; i++)
        {
            // The beat that comes with this step finds the first of the pair; the next one, a millisecond later, has to wait for a beat of its own.
            _time.Advance(TimeSpan.FromMilliseconds(due[i] - Now));
            Assert.Equal(due[i], (await PublishedAsync($"first-{i}")).Head.Instant);
            for (int step = 0; step < MostLateMs / StepMs; step++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(StepMs));
            }

            // The clock stands: what is not published now never will be.
            long late = (await PublishedAsync($"next-{i}")).Head.Instant - (due[i] + 1);
            Assert.InRange(late, 0, MostLateMs);
            StageChangeView change = (await _world.RelationshipAsync($"next-{i}"))!.StageHistory[^1];
            Assert.Equal(new StageChangeView(due[i] + 1, DeeplinkStage.Perform, DeeplinkStage.None), change);
        }

        await _world.Host.DisposeAsync();
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task CartAsync(string consumer)
    {
        EventResult recorded = (await _world.RecordAsync(_world.Event("e", EventType.Cart, consumer, Now)))[0];
        Assert.Equal(EventStatus.Accepted, recorded.Status);
    }

    /// <summary>The turn in which the end of the consumer's stage is published.</summary>
    private Task<TurnRecord> PublishedAsync(string consumer) =>
        _world.Log.AppendedAsync(r => Ends(r, consumer)).WaitAsync(Patience, TestContext.Current.CancellationToken);

    private static bool Ends(in TurnRecord record, string consumer)
    {
        if (record.Head.Kind != TurnKind.Turn || !Turn.ConsumerIdOf(record.Payload.Span).SequenceEqual(Encoding.UTF8.GetBytes(consumer)))
        {
            return false;
        }

        FactReader facts = TurnFacts.Of(record.Payload.Span);
        while (facts.MoveNext())
        {
            if (facts.Current is { Kind: FactKind.Stage, To: DeeplinkStage.None })
            {
                return true;
            }
        }

        return false;
    }
}
