using Decisioning.Benchmarks;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Cluster.Benchmarks;
using Decisioning.Engine.Background;

if (args.Length > 0 && args[0] == SiloServer.Command)
{
    // As the program itself does.
    BatchThreads.Enter();
    return await SiloServer.RunAsync(args[1..], Console.Out, Console.In);
}

Dictionary<string, Func<Report, bool, Task>> benchmarks = new()
{
    ["silo"] = SiloRun.RunAsync,
    ["activation"] = ActivationRun.RunAsync,
    ["resident"] = ResidentRun.RunAsync,
    ["three"] = ThreeRun.RunAsync,
};
return await BenchmarkRuns.RunAsync(args, benchmarks);
