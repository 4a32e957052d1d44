using Decisioning.Cluster.Turns.Wire;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Orleans.Concurrency;

namespace Decisioning.Cluster.Desk;

/// <summary>Does for a client what the silo's own front end does: asks the silo's host.</summary>
[GrainType("decisioning.desk")]
[StatelessWorker]
[Reentrant]
internal sealed class DeskGrain(ClusterHost host) : Grain, IDeskGrain
{
    public Task<DeskAnswer> DecideAsync(byte[] form, string[] brands) => AnswerAsync(async () =>
    {
        CatalogueSnapshot catalogue = host.Catalogue;
        DecideCommand command = DecideForm.Read(form, catalogue);
        command.Brands = brands.Length == 0 ? catalogue.Brands : [.. brands.Select(b => catalogue.Find(b)).OfType<BrandSnapshot>()];
        return DeskForm.Write(await host.DecideAsync(command, CancellationToken.None), command.ConsumerId);
    });

    public Task<DeskAnswer> RecordAsync(byte[] form) =>
        AnswerAsync(async () => EventForm.WriteResults(await host.RecordAsync(EventForm.Read(form), host.Catalogue, CancellationToken.None)));

    public Task<DeskAnswer> TrackAsync(byte[] form, byte interaction) => AnswerAsync(async () =>
        [await host.TrackAsync(EventForm.ReadDecision(form), (EventType)interaction, CancellationToken.None) ? (byte)1 : (byte)0]);

    private static async Task<DeskAnswer> AnswerAsync(Func<Task<byte[]>> work)
    {
        try
        {
            return new DeskAnswer { Form = await work() };
        }
        catch (HostUnavailableException e)
        {
            return new DeskAnswer { Unavailable = e.Message };
        }
    }
}
