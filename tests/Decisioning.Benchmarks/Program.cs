using Decisioning.Benchmarks;
using Decisioning.Benchmarks.Engine;
using Decisioning.Benchmarks.Http;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Reporting;

if (args.Length > 0 && args[0] == BenchmarkServer.Command)
{
    return await BenchmarkServer.RunAsync(args[1..], Console.Out, Console.In);
}

if (args.Length > 0 && args[0] == RecoveryRun.FillCommand)
{
    return await RecoveryRun.FillAsync(args[1..], Console.Out, Console.In);
}

Dictionary<string, Func<Report, bool, Task>> benchmarks = new()
{
    ["decide"] = DecideRun.RunAsync,
    ["http"] = HttpRun.RunAsync,
    ["events"] = EventsRun.RunAsync,
    ["watchers"] = WatchersRun.RunAsync,
    ["shift"] = ShiftRun.RunAsync,
    ["memory"] = MemoryRun.RunAsync,
    ["activation"] = ActivationRun.RunAsync,
    ["recovery"] = RecoveryRun.RunAsync,
    ["zipf"] = ZipfRun.RunAsync,
    ["expiry"] = ExpiryRun.RunAsync,
    ["deltas"] = DeltasRun.RunAsync,
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
