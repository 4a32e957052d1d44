using Decisioning.Cluster.Desk;
using Decisioning.Cluster.Tests.Support;
using Decisioning.Conformance;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;

namespace Decisioning.Cluster.Tests.Hosting;

public sealed class ClientTests
{
    [Fact]
    public async Task A_client_decides_records_and_tracks_without_a_catalogue()
    {
        await using ClusterWorld world = await ClusterWorld.OpenAsync();
        await world.PutAsync(Documents.Story);
        DecisioningClient client = world.Client;
        ClientReply first = await client.DecideAsync(Command(world));
        ClientChoice choice = Assert.Single(Assert.Single(first.Placements).Choices);
        Assert.Equal(("acme", "c", "s", "one", "a"), (choice.Brand, choice.Campaign, choice.Storyline, choice.Step, choice.Creative));
        Assert.Null(first.Events);
        Assert.True(await client.TrackAsync(choice.Decision, EventType.Impression));
        DecideCommand command = Command(world);
        command.Events.Add(world.Event("e-1"));
        ClientReply second = await client.DecideAsync(command, "acme");
        Assert.Equal("two", second.Placements[0].Choices[0].Step);
        Assert.Equal(EventStatus.Accepted, Assert.Single(second.Events!).Status);
        Assert.Equal(NoDecisionReason.NoCampaign, (await client.DecideAsync(Command(world), "other")).Placements[0].NoDecision!.Value.Reason);
        Assert.Equal(EventStatus.Duplicate, (await client.RecordAsync([world.Event("e-1")]))[0].Status);
        world.Store.FailAppends(int.MaxValue);
        Task<EventResult[]> waits = client.RecordAsync([world.Event("e-2")]);
        await Assert.ThrowsAsync<HostUnavailableException>(async () =>
        {
            while (true)
            {
                await client.DecideAsync(Command(world));
            }
        });
        world.Store.FailAppends(0);
        Assert.Equal(EventStatus.Accepted, (await waits)[0].Status);
    }

    private static DecideCommand Command(ClusterWorld world)
    {
        DecideCommand command = world.Command();
        (command.Brands, command.Catalogue) = ([], CatalogueSnapshot.Empty);
        return command;
    }
}
