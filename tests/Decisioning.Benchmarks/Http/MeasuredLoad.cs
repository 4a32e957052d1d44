using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Engine.Background;

namespace Decisioning.Benchmarks.Http;

/// <summary>One round and what the server's process used in it.</summary>
internal readonly record struct Round(LoadResult Load, ServerUsage Used)
{
    /// <summary>Microseconds of the server's core a request, whatever else ran on the machine.</summary>
    public double CpuPerRequest => Used.Cpu * 1_000 / Load.Requests;

    public double BytesPerRequest => Used.Allocated / Load.Requests;
}

/// <summary>A client and the server it loads.</summary>
internal sealed class MeasuredLoad(ServerProcess server, LoadClient client)
{
    /// <summary>Runs until a request costs the server no less than it did: its code is compiled for good.</summary>
    /// <param name="rounds">At most so many seconds.</param>
    public async Task WarmAsync(int rounds)
    {
        const double noLess = 0.97;
        double best = double.MaxValue;
        for (int i = 0, steady = 0; i < rounds && steady < 3; i++)
        {
            Round round = await RunAsync(TimeSpan.FromSeconds(1));
            steady = round.CpuPerRequest < best * noLess ? 0 : steady + 1;
            best = Math.Min(best, round.CpuPerRequest);
        }
    }

    public async Task<Round> RunAsync(TimeSpan duration)
    {
        ServerUsage before = await server.ReadUsageAsync();

        // The client has a thread of its own, pinned: continuations run anywhere.
        LoadResult result = default;
        Exception? fault = null;
        Thread thread = new(() =>
        {
            try
            {
                // Clients that share a core let each other finish: they stand for machines that have nothing to do with each other.
                Cores.UseClients();
                BatchThreads.Enter();
                result = client.Run(duration);
            }
            catch (Exception e)
            {
                fault = e;
            }
        });
        thread.Start();
        thread.Join();
        if (fault is not null)
        {
            throw new InvalidOperationException("The load ended early.", fault);
        }

        ServerUsage after = await server.ReadUsageAsync();
        return new Round(
            result, after with { Cpu = after.Cpu - before.Cpu, Allocated = after.Allocated - before.Allocated, Compiled = after.Compiled - before.Compiled });
    }
}
