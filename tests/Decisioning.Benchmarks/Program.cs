using Decisioning.Benchmarks;
using Decisioning.Benchmarks.Curves;
using Decisioning.Benchmarks.Engine;
using Decisioning.Benchmarks.Http;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Engine.Background;

if (args.Length > 0 && args[0] == BenchmarkServer.Command)
{
    // As the program itself does.
    BatchThreads.Enter();
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
    ["collections"] = CollectionsRun.RunAsync,
    ["activation"] = ActivationRun.RunAsync,
    ["recovery"] = RecoveryRun.RunAsync,
    ["flush"] = FlushRun.RunAsync,
    ["writeback"] = WriteBackRun.RunAsync,
    ["zipf"] = ZipfRun.RunAsync,
    ["expiry"] = ExpiryRun.RunAsync,
    ["deltas"] = DeltasRun.RunAsync,
    ["disk"] = DiskRun.RunAsync,
    ["curve-known"] = CurveRuns.KnownAsync,
    ["curve-brands"] = CurveRuns.BrandsAsync,
    ["curve-creatives"] = CurveRuns.CreativesAsync,
    ["curve-history"] = CurveRuns.HistoryAsync,
    ["curve-watchers"] = CurveRuns.WatchersAsync,
};
return await BenchmarkRuns.RunAsync(args, benchmarks);
