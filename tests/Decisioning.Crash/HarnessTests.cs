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
        using (ServerProcess server = ServerProcess.StartOver(new CrashOptions().Server, folder))
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

            Assert.Contains("the creative second is active", await FailureAsync(server, new ConsumerLedger("none"), stop, new CatalogueLedger { Creative = new StatusLedger { Acknowledged = StatusLedger.Paused } }));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Books_that_lack_or_repeat_something_and_a_campaign_that_wins_although_paused_are_found()
    {
        string folder = Directory.CreateTempSubdirectory("decisioning-crash-").FullName;
        CancellationToken stop = TestContext.Current.CancellationToken;
        using (ServerProcess server = ServerProcess.StartOver(new CrashOptions().Server, folder))
        {
            await server.WaitUntilReadyAsync(stop);
            using StringContent document = new(CrashBrand.Document, Encoding.UTF8, "application/json");
            (await server.Http.PutAsync($"v1/brands/{CrashBrand.Id}", document, stop)).EnsureSuccessStatusCode();

            var consumer = new ConsumerLedger("one");
            consumer.Events.Add(Event("one", "e1"));
            consumer.Events[0].Acknowledged = true;
            Assert.Contains("0 of events; 1 at least", await BooksFailureAsync(server, consumer, new BooksLedger(), stop));

            await EventSender.SendAsync(server.Http, [Event("one", "e1"), Event("one", "e2")], again: false, stop);
            Assert.Contains("2 of events; 1 at least and 1 at most", await BooksFailureAsync(server, consumer, new BooksLedger(), stop));

            consumer.Events.Add(Event("one", "e2"));

            // One more event stands for the click that the books do not know.
            await EventSender.SendAsync(server.Http, [Event("one", "e3")], again: false, stop);
            consumer.Trackers[("lost", "click")] = new SentTracker("", "click");
            Assert.Contains("0 of rendered; 1 at least", await BooksFailureAsync(server, consumer, new BooksLedger(), stop, exact: true));
            consumer.Trackers.Clear();
            consumer.Events.Add(Event("one", "e3"));
            await new BooksCheck(server.Http, [consumer], new BooksLedger()).RunAsync(exact: true, stop);
            Assert.Contains("0 of won; 1 at least", await BooksFailureAsync(server, consumer, new BooksLedger { Won = 1, Asked = 1 }, stop));

            CrashFailureException won = await Assert.ThrowsAsync<CrashFailureException>(() => AskManyAsync(server, stop));
            Assert.Contains("is paused and won", won.Message);
            Assert.Contains("of won; 0 at least and 0 at most", await BooksFailureAsync(server, consumer, new BooksLedger(), stop));
        }

        Directory.Delete(folder, recursive: true);
    }

    // It wins by draws whose seed is the server's own: one check alone may see none of them.
    private static async Task AskManyAsync(ServerProcess server, CancellationToken stop)
    {
        for (int i = 0; i < 20; i++)
        {
            await new PauseCheck(server.Http, new BooksLedger()).RunAsync($"newcomer-{i}", stop);
        }
    }

    private static async Task<string> BooksFailureAsync(
        ServerProcess server, ConsumerLedger consumer, BooksLedger books, CancellationToken stop, bool exact = false)
    {
        Func<Task> check = () => new BooksCheck(server.Http, [consumer], books).RunAsync(exact, stop);
        return (await Assert.ThrowsAsync<CrashFailureException>(check)).Message;
    }

    private static SentEvent Event(string consumer, string id) =>
        new() { EventId = id, Type = "view", Consumer = consumer, OccurredAt = DateTime.UtcNow, OwnId = null };

    private static async Task<string> FailureAsync(ServerProcess server, ConsumerLedger consumer, CancellationToken stop, CatalogueLedger? catalogue = null) =>
        (await Assert.ThrowsAsync<CrashFailureException>(() => new RoundCheck(server.Http, [consumer], catalogue ?? new CatalogueLedger()).RunAsync(stop))).Message;
}
