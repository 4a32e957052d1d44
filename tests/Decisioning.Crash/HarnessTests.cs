using System.Text;

namespace Decisioning.Crash;

/// <summary>The harness must be able to fail: it is given ledgers that the server does not bear out.</summary>
public sealed class HarnessTests
{
    [Fact]
    public async Task A_lost_acknowledgement_and_a_double_count_are_found()
    {
        string folder = Directory.CreateTempSubdirectory("decisioning-crash-").FullName;
        CancellationToken stop = TestContext.Current.CancellationToken;
        using (ServerProcess server = ServerProcess.Start(new CrashOptions().Server, folder))
        {
            await server.WaitUntilReadyAsync(stop);
            using StringContent document = new(CrashBrand.Document, Encoding.UTF8, "application/json");
            (await server.Http.PutAsync($"v1/brands/{CrashBrand.Id}", document, stop)).EnsureSuccessStatusCode();

            var lost = new ConsumerLedger("lost");
            lost.Events.Add(Event("lost", "e1"));
            lost.Events[0].Acknowledged = true;
            Assert.Contains("lost has 0 of view; 1 were acknowledged", await FailureAsync(server, lost, stop));

            var twice = new ConsumerLedger("twice");
            twice.Events.Add(Event("twice", "e1"));
            await EventSender.SendAsync(server.Http, [twice.Events[0], Event("twice", "e2")], again: false, stop);
            Assert.Contains("twice has 2 of view; 1 were acknowledged and 1 sent", await FailureAsync(server, twice, stop));

            var forgotten = new ConsumerLedger("forgotten");
            forgotten.Events.Add(Event("forgotten", "e1"));
            await new RoundCheck(server.Http, [forgotten], new CatalogueLedger()).RunAsync(stop);
            await server.Http.DeleteAsync("v1/consumers/forgotten", stop);
            Assert.Contains("forgotten has 0 of view", await FailureAsync(server, forgotten, stop));

            Assert.Contains("the creative is active", await FailureAsync(server, new ConsumerLedger("none"), stop, new CatalogueLedger { Acknowledged = "paused" }));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static SentEvent Event(string consumer, string id) =>
        new() { EventId = id, Type = "view", Consumer = consumer, OccurredAt = DateTime.UtcNow, OwnId = null };

    private static async Task<string> FailureAsync(ServerProcess server, ConsumerLedger consumer, CancellationToken stop, CatalogueLedger? catalogue = null) =>
        (await Assert.ThrowsAsync<CrashFailureException>(() => new RoundCheck(server.Http, [consumer], catalogue ?? new CatalogueLedger()).RunAsync(stop))).Message;
}
