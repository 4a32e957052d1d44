using System.Globalization;
using System.Net;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Hosting;
using Decisioning.Server;
using Decisioning.Silo;

namespace Decisioning.Cluster.Benchmarks;

/// <summary>A silo as its program opens it, with the addresses of <see cref="BenchmarkServer"/>, in a process of its own.</summary>
internal static class SiloServer
{
    public const string Command = "serve";
    private const int WarmingAtOnce = 64;

    private static readonly TimeSpan MostForMoney = TimeSpan.FromSeconds(20);

    /// <summary>Opens a silo in this process.</summary>
    /// <param name="connection">Of the database that its cluster shares.</param>
    /// <param name="folder">For its files.</param>
    public static ValueTask<OpenedHost> OpenAsync(string connection, string folder) =>
        SiloHosting.OpenAsync(new SiloOptions(() => PostgresPlace.Find(connection), null, null, IPAddress.Loopback), new HostRequest(folder, TimeProvider.System), CancellationToken.None);

    /// <summary>Starts a process.</summary>
    /// <param name="brands">To be put; 0: others have put them.</param>
    /// <param name="consumers">Of all consumers,</param>
    /// <param name="first">this one and</param>
    /// <param name="step">every so many-th after it are in memory when this returns.</param>
    public static Task<ServerProcess> StartAsync(string connection, int brands, int consumers, int first = 0, int step = 1) =>
        ServerProcess.StartAsync([Command, connection, $"{brands}", $"{consumers}", $"{first}", $"{step}"]);

    /// <summary><c>CONNECTION BRANDS CONSUMERS FIRST STEP</c>: serves until its input ends; prints its address once its consumers are in memory.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextReader input)
    {
        int[] numbers = [.. args[1..].Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        (int brands, int consumers, int first, int step) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        using ScratchFolder folder = new();
        OpenedHost opened = await OpenAsync(args[0], folder.Path);
        await using IAsyncDisposable lifetime = opened.Lifetime;
        await KnownWorld.PutBrandsAsync(opened.Host, brands);
        IEnumerable<int> own = Enumerable.Range(0, consumers).Where(n => n % step == first);
        await Parallel.ForEachAsync(own, new ParallelOptions { MaxDegreeOfParallelism = WarmingAtOnce }, async (n, cancellation) =>
            await opened.Host.ReadConsumerAsync(PackedConsumers.IdOf(n), cancellation));
        await WaitForMoneyAsync(opened.Host);
        await BenchmarkServer.ServeAsync(opened, folder.Path, static () => default, output, input);
        return 0;
    }

    // A silo that has just come chooses nothing that costs until the brands have lent it some, and nobody tells when they have.
    private static async Task WaitForMoneyAsync(IDecisionHost host)
    {
        using CancellationTokenSource enough = new(MostForMoney);
        for (uint n = 0; (await host.DecideAsync(Requests.Of(host.Catalogue, $"early-{n}"), enough.Token)).Placements[0].Decisions.Length == 0; n++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), enough.Token);
        }
    }
}
