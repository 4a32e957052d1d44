using Decisioning.Cluster.Turns.Wire;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Decisioning.Cluster.Desk;

/// <summary>
/// The cluster for a .NET ad server that is an Orleans client of it. Safe for any number of threads. Thrown by all: <see cref="HostUnavailableException"/> where
/// the cluster cannot take the work now; asking again counts no event twice.
/// </summary>
public sealed class DecisioningClient(IGrainFactory grains)
{
    private readonly IDeskGrain _desk = grains.GetGrain<IDeskGrain>(0);

    /// <summary>Decides. The command's brands and catalogue are left empty: they are looked up where the call arrives.</summary>
    /// <param name="brands">Ids of the brands that may answer; empty: all.</param>
    public async Task<ClientReply> DecideAsync(DecideCommand command, params string[] brands) =>
        DeskForm.Read(await AskAsync(_desk.DecideAsync(DecideForm.Write(command), brands)));

    /// <summary>Records events; the answer, one result an event in their order, means that what was accepted stands in the store.</summary>
    public async Task<EventResult[]> RecordAsync(IReadOnlyList<EventCommand> events) => EventForm.ReadResults(await AskAsync(_desk.RecordAsync(EventForm.Write(events))));

    /// <summary>Records one interaction with a choice (<see cref="ClientChoice.Decision"/>). False: its consumer was erased, or its brand is gone.</summary>
    public async Task<bool> TrackAsync(DecisionRef decision, EventType interaction) =>
        await AskAsync(_desk.TrackAsync(EventForm.WriteDecision(decision), (byte)interaction)) is [1];

    private static async Task<byte[]> AskAsync(Task<DeskAnswer> call)
    {
        try
        {
            DeskAnswer answer = await call;
            return answer.Unavailable is null ? answer.Form : throw new HostUnavailableException(answer.Unavailable, ClusterBounds.Soon);
        }
        catch (Exception e) when (GrainFault.Is(e))
        {
            throw new HostUnavailableException(e.Message, ClusterBounds.Soon);
        }
    }
}

/// <param name="At">Instant of the decision, ms since the Unix epoch.</param>
/// <param name="Placements">One for each placement of the request, in its order.</param>
/// <param name="Events">What became of the request's events; null where it had none.</param>
public sealed record ClientReply(long At, ClientPlacement[] Placements, EventResult[]? Events);

/// <param name="Choices">At most the placement's count, best first as drawn.</param>
/// <param name="NoDecision">Why it is short of its count; null where it is full.</param>
public sealed record ClientPlacement(ClientChoice[] Choices, NoDecision? NoDecision);

/// <param name="Score">Expected value of one impression in the brand's currency.</param>
/// <param name="Propensity">Probability that this creative was drawn; above 0, at most 1.</param>
/// <param name="Decision">What <see cref="DecisioningClient.TrackAsync"/> is told.</param>
public sealed record ClientChoice(
    string Brand, string Campaign, string Storyline, string Step, string Creative, DeeplinkStage Stage, double Score, double Propensity, DecisionRef Decision);

public static class DecisioningClients
{
    /// <summary>Adds <see cref="DecisioningClient"/> to the services of an Orleans client of the cluster.</summary>
    public static IClientBuilder AddDecisioningClient(this IClientBuilder client)
    {
        client.Services.AddSingleton(static s => new DecisioningClient(s.GetRequiredService<IClusterClient>()));
        return client;
    }
}
