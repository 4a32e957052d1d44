using System.Text;
using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Benchmarks.Http;

/// <summary><c>disk</c>: what events and decisions take on disk, in the files of a server that has ended.</summary>
internal static class DiskRun
{
    private const int Consumers = 100_000;
    private const int Batch = 100;
    private const int Connections = 16;

    public static async Task RunAsync(Report report, bool quick)
    {
        double seconds = quick ? 2 : 10;
        report.Heading($"disk: of {Consumers:N0} known consumers, after {seconds} s of events in batches of {Batch}, then of decisions");
        using ScratchFolder folder = new();
        KnownWorld.Write(folder.Path, new History(1, 1, 1), Consumers);
        Sizes empty = await LoadAsync(folder.Path, static (_, _) => 0, 0);
        Sizes events = await LoadAsync(folder.Path, Events, seconds);
        Sizes decisions = await LoadAsync(folder.Path, Decisions, seconds);
        Tell(report, "events", events, empty);
        Tell(report, "decisions", decisions, events);
    }

    private static void Tell(Report report, string what, Sizes now, Sizes before)
    {
        report.Add(new Figure($"{what} recorded", now.Recorded, ""));
        report.Add(new Figure($"a million {what}, journal.db", (now.Journal - before.Journal) / now.Recorded, "MB"));
        report.Add(new Figure($"a million {what}, state.db", (now.State - before.State) / now.Recorded, "MB"));
    }

    /// <summary>Starts a server on the folder, has it loaded, and ends it.</summary>
    private static async Task<Sizes> LoadAsync(string folder, Func<ServerProcess, TimeSpan, long> load, double seconds)
    {
        long recorded;
        await using (ServerProcess server = await ServerProcess.StartAsync(folder, warm: Consumers))
        {
            recorded = await Task.Factory.StartNew(() => load(server, TimeSpan.FromSeconds(seconds)), TaskCreationOptions.LongRunning);
        }

        return new Sizes(recorded, LengthOf("journal.db"), LengthOf("state.db"));

        // What SQLite has not yet moved from its own log into the file is on disk too.
        long LengthOf(string name) => Directory.EnumerateFiles(folder, name + "*").Sum(f => new FileInfo(f).Length);
    }

    private static long Events(ServerProcess server, TimeSpan time)
    {
        RequestTemplate request = new("/v1/events", EventsRun.BodyOf(new EventShape(Batch, Connections, 0, "d")));
        using LoadClient client = new(server.Address, Connections, request, new EvenChoice(Consumers, 1), Encoding.ASCII.GetBytes($"\"accepted\":{Batch},"));
        return client.Run(time).Requests * Batch;
    }

    private static long Decisions(ServerProcess server, TimeSpan time)
    {
        using LoadClient client = DecisionLoad.Open(server, DecisionLoad.Path, new EvenChoice(Consumers, 1));
        return client.Run(time).Requests;
    }

    /// <param name="Recorded">Events or decisions.</param>
    /// <param name="Journal">Bytes.</param>
    /// <param name="State">Bytes.</param>
    private readonly record struct Sizes(long Recorded, long Journal, long State);
}
