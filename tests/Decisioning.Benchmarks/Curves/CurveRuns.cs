using Decisioning.Benchmarks.Engine;
using Decisioning.Benchmarks.Http;
using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Load.Arrivals;
using Decisioning.Load.World;

namespace Decisioning.Benchmarks.Curves;

/// <summary><c>curve-…</c>: how the cost of a decision over HTTP grows. The points of a curve are measured in one run, and are ratios to its first.</summary>
internal static class CurveRuns
{
    private const double MostGrowth = 1.5;
    private const int Consumers = 20_000;
    private const int LeastResident = 20_000;

    /// <summary><c>curve-known</c>: with the consumers who are known, Zipf(1), a fifth of them in memory; all of them where a fifth would be too few to write back behind.</summary>
    public static Task KnownAsync(Report report, bool quick)
    {
        const int part = 5;
        int[] counts = quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000, 10_000_000];
        return RunAsync(report, new CurveMeasure("known", "A decision among more known consumers: Zipf(1), a fifth in memory", "known consumers", quick), counts, MostGrowth, count => new World
        {
            Consumers = count,
            Resident = count / part >= LeastResident ? count / part : null,
            Choice = new ZipfChoice(count, 1, seed: 1),
        });
    }

    /// <summary><c>curve-brands</c>: with the brands that any request may be answered by.</summary>
    public static Task BrandsAsync(Report report, bool quick) => RunAsync(
        report, new CurveMeasure("brands", "A decision among more brands, each of which may answer", "brands of 20 creatives", quick), quick ? [2, 20] : [2, 20, 50, 100, 200], null,
        count => new World { Size = KnownWorld.Usual with { Brands = count } });

    /// <summary><c>curve-creatives</c>: with the creatives of 20 brands.</summary>
    public static Task CreativesAsync(Report report, bool quick) => RunAsync(
        report, new CurveMeasure("creatives", "A decision among more creatives of 20 brands", "creatives", quick), quick ? [100, 1_000] : [100, 400, 1_000, 4_000, 10_000], MostGrowth,
        count => new World { Size = KnownWorld.Usual with { Creatives = count / KnownWorld.Brands } });

    /// <summary><c>curve-history</c>: with what is known of a consumer.</summary>
    public static Task HistoryAsync(Report report, bool quick) => RunAsync(
        report, new CurveMeasure("history", "A decision for consumers of whom more is known", "exposures and as many events a consumer", quick), quick ? [1, 10] : [1, 10, 30, 100, 200], null,
        count => new World { History = new History(Brands: 2, count, count) });

    /// <summary><c>curve-watchers</c>: with those who watch the brands that are decided for.</summary>
    public static async Task WatchersAsync(Report report, bool quick)
    {
        int[] counts = quick ? [0, 100] : [0, 10, 100, 1_000];
        CurveMeasure measure = new("watchers", "A decision while more watch its brands", "watchers", quick);
        report.Heading($"curve-watchers: {string.Join(", ", counts.Select(c => $"{c:N0}"))}");
        World world = new();
        using ScratchFolder folder = new();
        world.Write(folder.Path);
        await using ServerProcess server = await world.StartAsync(folder.Path);
        using LoadClient client = DecisionLoad.Open(server, DecisionLoad.Path, world.Choice);
        List<WatcherCrowd> crowds = [.. counts.Where(c => c > 0).Select(c => new WatcherCrowd(server.Address, c, KnownWorld.Brands))];
        try
        {
            IEnumerable<MeasuredPoint> watched = crowds.Zip(counts.Where(c => c > 0), (crowd, count) => new MeasuredPoint(count, server, client) { Around = (crowd.Watch, crowd.Unwatch) });
            CurveFolder.Keep(await measure.RunAsync(report, [new MeasuredPoint(0, server, client) { Around = (static () => { }, static () => { }) }, .. watched]));
        }
        finally
        {
            crowds.ForEach(c => c.Dispose());
        }
    }

    private static async Task RunAsync(Report report, CurveMeasure measure, int[] counts, double? most, Func<int, World> worldOf)
    {
        report.Heading($"{measure.Name}: {string.Join(", ", counts.Select(c => $"{c:N0}"))}");
        Stack<IDisposable> clients = [];
        Stack<ServerProcess> servers = [];
        Stack<ScratchFolder> folders = [];
        List<MeasuredPoint> points = [];
        try
        {
            foreach (int count in counts)
            {
                World world = worldOf(count);
                folders.Push(new ScratchFolder());
                world.Write(folders.Peek().Path);
                servers.Push(await world.StartAsync(folders.Peek().Path));
                LoadClient client = DecisionLoad.Open(servers.Peek(), DecisionLoad.Path, world.Choice);
                clients.Push(client);
                points.Add(new MeasuredPoint(count, servers.Peek(), client));
                report.Note($"{count:N0} are there");
            }

            CurveFolder.Keep(await measure.RunAsync(report, points, most));
        }
        finally
        {
            foreach (IDisposable client in clients)
            {
                client.Dispose();
            }

            foreach (ServerProcess server in servers)
            {
                await server.DisposeAsync();
            }

            foreach (ScratchFolder folder in folders)
            {
                folder.Dispose();
            }
        }
    }

    /// <summary>What a point's server knows, as every other where nothing else is said.</summary>
    private sealed class World
    {
        private double _packed;

        public int Consumers { get; init; } = CurveRuns.Consumers;

        /// <summary>How many fit into memory; null: all.</summary>
        public int? Resident { get; init; }

        public History History { get; init; } = MemoryRun.Stated;

        public CatalogueSize Size { get; init; } = KnownWorld.Usual;

        public IConsumerChoice Choice { get; init; } = new EvenChoice(CurveRuns.Consumers, 1);

        public void Write(string folder) => _packed = KnownWorld.Write(folder, History, Consumers, Size);

        public Task<ServerProcess> StartAsync(string folder) =>
            ServerProcess.StartAsync(folder, Resident is { } count ? KnownWorld.ResidentBytes(count, _packed) : 0, Resident ?? Consumers, Size);
    }
}
