using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;

namespace Decisioning.Load.Tests.Running;

public sealed class VisitsTests
{
    private static readonly Segment Segment = new(0, 1_000, 500, 1, 4, Level: false);

    [Theory]
    [InlineData("steady")]
    [InlineData("catalogue-change")]
    [InlineData("cold-activations")]
    [InlineData("bad-input")]
    public void Three_clients_send_together_what_one_would(string scenario)
    {
        Scenario read = ScenarioFiles.Read(scenario);

        Call[] one = All(read, 0, 1);
        Call[] three = [.. Enumerable.Range(0, 3).SelectMany(c => All(read, c, 3))];

        Assert.Equal(one.OrderBy(c => c.Due), three.OrderBy(c => c.Due));
        Assert.InRange(one.Length, 2_000, 2_700);
    }

    [Fact]
    public void A_consumer_belongs_to_one_client()
    {
        Scenario read = ScenarioFiles.Read("steady");

        HashSet<int> first = [.. All(read, 0, 2).Select(c => c.Consumer)];

        Assert.DoesNotContain(All(read, 1, 2), c => first.Contains(c.Consumer));
    }

    [Fact]
    public void Shares_are_what_the_scenario_says()
    {
        Scenario hot = ScenarioFiles.Read("hot-consumer");
        Call[] calls = All(hot, 0, 1);

        Assert.InRange(calls.Count(c => c.Consumer == hot.World.Consumers / 2) / (double)calls.Length, 0.17, 0.23);
        Assert.InRange(calls.Count(c => c.Kind == CallKind.Decisions) / (double)calls.Length, 0.77, 0.83);

        Call[] fresh = All(ScenarioFiles.Read("cold-start"), 0, 1);
        Assert.Equal(fresh.Length, fresh.Select(c => c.Consumer).Distinct().Count());
    }

    [Fact]
    public void Changes_come_at_their_own_beat() =>
        Assert.Equal([1_000 + Ticks.Of(3)], All(ScenarioFiles.Read("catalogue-change"), 0, 1).Where(c => c.Kind == CallKind.Changes).Select(c => c.Due));

    private static Call[] All(Scenario scenario, int client, int clients)
    {
        Visits visits = new(Plans.Plan(scenario, client, clients));
        visits.Begin(Segment);
        List<Call> calls = [];
        for (; visits.Next.Due != long.MaxValue; visits.Advance())
        {
            calls.Add(visits.Next);
        }

        return [.. calls];
    }
}
