using System.Diagnostics;
using System.Globalization;
using System.Net;
using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;

namespace Decisioning.Benchmarks.Http.Server;

/// <summary>What the server's process has used since it began.</summary>
/// <param name="Cpu">Milliseconds of one core.</param>
/// <param name="Allocated">Bytes allocated.</param>
/// <param name="Resident">Consumers in memory now.</param>
/// <param name="ResidentBytes">What they take.</param>
/// <param name="Dirty">Those of them who are not written back.</param>
/// <param name="Compiled">Methods that the runtime has compiled, each as often as it was.</param>
internal readonly record struct ServerUsage(double Cpu, double Allocated, double Resident, double ResidentBytes, double Dirty, double Compiled);

/// <summary>A <see cref="BenchmarkServer"/> that runs, on the first core where the machine has two.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = new IPEndPoint(IPAddress.Loopback, address.Port);
        _http = new HttpClient { BaseAddress = address };
    }

    public IPEndPoint Address { get; }

    /// <param name="folder">Its data.</param>
    /// <param name="residentBytes">0: the engine's own choice.</param>
    /// <param name="warm">The first so many consumers are in memory when this returns.</param>
    /// <param name="brands">How many it decides for.</param>
    public static Task<ServerProcess> StartAsync(string folder, long residentBytes = 0, int warm = 0, int brands = KnownWorld.Brands) =>
        StartAsync(folder, residentBytes, warm, KnownWorld.Usual with { Brands = brands });

    /// <param name="folder">Its data.</param>
    /// <param name="residentBytes">0: the engine's own choice.</param>
    /// <param name="warm">The first so many consumers are in memory when this returns.</param>
    /// <param name="size">Of the catalogue that it decides from.</param>
    public static Task<ServerProcess> StartAsync(string folder, long residentBytes, int warm, CatalogueSize size) =>
        StartAsync([BenchmarkServer.Command, folder, $"{residentBytes}", $"{warm}", $"{size.Brands}", $"{size.Creatives}"]);

    /// <param name="arguments">For this program: what makes it serve until its input ends, by <see cref="BenchmarkServer.ServeAsync"/>.</param>
    public static async Task<ServerProcess> StartAsync(IEnumerable<string> arguments)
    {
        Cores.UseServers();
        Process process = ChildProcess.Start(arguments);
        Cores.UseClients();

        // What it has to tell may come before its address.
        List<string> told = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("http://", StringComparison.Ordinal))
            {
                return new ServerProcess(process, new Uri(line));
            }

            told.Add(line);
        }

        throw new InvalidOperationException($"The server ended before it served. {string.Join(' ', told)}");
    }

    public async Task<ServerUsage> ReadUsageAsync()
    {
        string text = await _http.GetStringAsync(BenchmarkServer.UsagePath);
        double[] parts = [.. text.Split(' ').Select(p => double.Parse(p, CultureInfo.InvariantCulture))];
        return new ServerUsage(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
