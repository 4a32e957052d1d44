using System.Globalization;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Hosting;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>The same set of events in any order makes the same consumer.</summary>
public sealed class PermutationTests
{
    private const int Histories = 250;

    [Fact]
    public void The_order_in_which_events_are_heard_of_changes_nothing()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            BrandSnapshot brand = OracleWorlds.All[seed % OracleWorlds.All.Length];
            var maker = new RandomHistory(random, brand);
            List<Happening> first = maker.Make(random.Next(2, 50));
            long end = first.Max(h => h.At) + RandomHistory.Late;
            long[] instants = [end, end + random.NextInt64(Worlds.Day), end + random.NextInt64(200 * Worlds.Day)];
            string[] expected = Play(first, brand, instants);
            for (int i = 0; i < 3; i++)
            {
                string[] actual = Play(maker.Shuffled(first), brand, instants);
                Assert.True(expected.SequenceEqual(actual), $"seed {seed}, order {i}: {FirstDifference(expected, actual)}");
            }
        }
    }

    private static string[] Play(List<Happening> happenings, BrandSnapshot brand, long[] instants)
    {
        var consumer = new PlayedConsumer(Brands.Together(brand), 0);
        foreach (Happening happening in happenings)
        {
            consumer.Now = happening.ReceivedAt;
            Assert.Equal(EventStatus.Accepted, consumer.Report(happening.Command(PlayedConsumer.Id, brand.Id)).Status);
        }

        return [.. instants.Select(t => Describe(consumer.RelationshipAt(t)))];
    }

    private static string FirstDifference(string[] expected, string[] actual) => string.Join('\n', expected.Zip(actual)
        .Select(pair => $"{string.Join('\n', pair.First.Split('\n').Except(pair.Second.Split('\n')))} became {string.Join('\n', pair.Second.Split('\n').Except(pair.First.Split('\n')))}"));

    /// <summary>All that the set of events decides; when an impression was heard of (late or not) is the journal's matter.</summary>
    private static string Describe(RelationshipView view) => string.Join(
        '\n',
        new[] { $"{view.DeeplinkStage} {view.Intent.ToString("R", CultureInfo.InvariantCulture)}" }
            .Concat(view.Behaviours.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key} {b.Value}"))
            .Concat(view.Orders.Select(o => o.ToString()))
            .Concat(view.Exposures.Select(e => $"{e.At} {e.Step} {e.Creative} {e.State} {string.Join(',', e.Interactions)}"))
            .Concat(view.Storylines.Select(s => $"{s.Key} {s.Value.Furthest} {s.Value.Completed} {s.Value.StartedAt} {string.Join(',', s.Value.Seen)}")));
}
