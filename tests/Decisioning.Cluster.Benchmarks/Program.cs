using Decisioning.Benchmarks;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Cluster.Benchmarks;

if (args.Length > 0 && args[0] == SiloServer.Command)
{
    return await SiloServer.RunAsync(args[1..], Console.Out, Console.In);
}

Dictionary<string, Func<Report, bool, Task>> benchmarks = new()
{
    ["silo"] = SiloRun.RunAsync,
    ["activation"] = ActivationRun.RunAsync,
    ["resident"] = ResidentRun.RunAsync,
    ["three"] = ThreeRun.RunAsync,
};
if (BenchmarkArguments.Parse(args, [.. benchmarks.Keys]) is not { } arguments)
{
    Console.Error.WriteLine($"usage: {string.Join('|', benchmarks.Keys)}|all [--quick] [--check]");
    return 2;
}

Report report = new(Console.Out);
foreach (string command in arguments.Commands)
{
    await benchmarks[command](report, arguments.Quick);
}

report.Close();
return arguments.Check && !report.AllMet ? 1 : 0;
