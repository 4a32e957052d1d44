using System.Globalization;
using System.Runtime;
using Decisioning.Api;
using Decisioning.Api.Tokens;
using Decisioning.Benchmarks.Known;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Decisioning.Engine.Sandbox;
using Decisioning.Load.Bare;
using Decisioning.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Benchmarks.Http.Server;

/// <summary>What a host has in memory.</summary>
/// <param name="Bytes">What they take.</param>
/// <param name="Dirty">Those of them who are not written back.</param>
internal readonly record struct Residents(long Consumers, long Bytes, long Dirty);

/// <summary>
/// The server as it is, in a process of its own, with two more addresses: one that decides nothing (<see cref="BareServer"/>), and one that tells what the
/// process has used. It has one key, whose rate no load reaches.
/// </summary>
internal static class BenchmarkServer
{
    public const string Command = "serve";
    public const string BarePath = "/bench/decisions";
    public const string UsagePath = "/bench/usage";
    public const string Key = "dk_benchmark";

    /// <summary>
    /// <c>FOLDER RESIDENT-BYTES WARM BRANDS CREATIVES</c>: serves the folder until its input ends; prints its address once the first so many consumers are resident. Resident
    /// bytes 0: the engine's own choice.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextReader input)
    {
        (string folder, long residentBytes, int warm, CatalogueSize size) = (args[0], long.Parse(args[1]), int.Parse(args[2]), new(int.Parse(args[3]), int.Parse(args[4])));
        EngineOptions engine = new() { DataFolder = folder, MaxResidentBytes = residentBytes == 0 ? null : residentBytes };
        await using EmbeddedHost host = await EmbeddedHost.OpenAsync(engine, TimeProvider.System, CancellationToken.None);
        await using SandboxHost sandbox = await host.OpenSandboxAsync(new SandboxOptions(), CancellationToken.None);
        await KnownWorld.PutBrandsAsync(host, size);
        for (int n = warm - 1; n >= 0; n--)
        {
            await host.ReadConsumerAsync(PackedConsumers.IdOf(n), CancellationToken.None);
        }

        OpenedHost opened = new(host, new NoClock(sandbox), (_, _) => Task.CompletedTask, host) { Watch = host, Tokens = TokenKeyFile.OpenOrCreate(folder) };
        await ServeAsync(opened, folder, () => new Residents(host.ResidentConsumers, host.ResidentBytes, host.DirtyConsumers), output, input);
        return 0;
    }

    /// <summary>Serves a host until the input ends; prints its address.</summary>
    /// <param name="opened">With tokens of its own, which are disposed with the server.</param>
    /// <param name="folder">For the server's files.</param>
    /// <param name="residents">Told at <see cref="UsagePath"/>.</param>
    public static async Task ServeAsync(OpenedHost opened, string folder, Func<Residents> residents, TextWriter output, TextReader input)
    {
        using TokenRing tokens = opened.Tokens!;
        await using WebApplication app = await BareServer.BuildAsync(
            opened, tokens, BarePath, folder, Key, Requests.Of(opened.Host.Catalogue, PackedConsumers.IdOf(99_999_999)));
        app.MapGet(UsagePath, context => context.Response.WriteAsync(Usage(residents())));
        await app.StartAsync();
        await output.WriteLineAsync(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await InputEnd.WaitAsync(input);
        await app.StopAsync();
    }

    private static string Usage(Residents residents) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.CpuUsage.TotalTime.TotalMilliseconds} {GC.GetTotalAllocatedBytes()} {residents.Consumers} {residents.Bytes} {residents.Dirty} {JitInfo.GetCompiledMethodCount()}");

    private sealed class NoClock(SandboxHost sandbox) : ISandbox
    {
        public IDecisionHost Host => sandbox.Host;

        public ValueTask<long> AdvanceAsync(TimeSpan by, CancellationToken cancellation) => sandbox.AdvanceAsync(by, cancellation);
    }
}
