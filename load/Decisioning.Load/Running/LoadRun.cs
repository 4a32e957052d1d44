using System.Globalization;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Running;

/// <summary>Told how far a run is. Safe to call from several threads.</summary>
internal interface IRunMeter
{
    /// <summary>Something begins, in a few words.</summary>
    void Doing(string what);

    /// <summary>A second is over.</summary>
    void Second(SecondRow row);
}

/// <summary>A whole run: a server where none was given, its world, the clients, the segments, the checks, and everything taken away again.</summary>
internal sealed class LoadRun(RunOptions options, IRunMeter meter)
{
    private const double SettleSeconds = 1;
    private const double StepSeconds = 5;
    private const double KneeLimit = 20;

    /// <summary>What clients have to get the order to begin.</summary>
    private const double HeadStart = 0.3;

    /// <summary>For erasing consumers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly WorldIds _ids = new(options.World ?? options.Run);
    private Reference? _reference;
    private string? _partial;
    private int? _fresh = 0;
    private long _imported;
    private long _acknowledged;

    /// <summary>Runs.</summary>
    /// <param name="stop">Ends the load early; what was measured until then is the result.</param>
    /// <exception cref="LoadFailureException">The run could not begin.</exception>
    public async Task<RunResult> RunAsync(CancellationToken stop)
    {
        meter.Doing(options.Url is null ? "starting an embedded server" : $"asking {options.Url}; what run {options.Run} puts there begins with {_ids.Run}, and is taken away in the end");
        if (options.Pinned)
        {
            await Cores.MoveClientAsync(stop);
        }

        using MemoryWatch? given = options.Process is { } process ? MemoryWatch.Open(process) : null;
        await using OwnServer? own = options.Url is null ? await OwnServer.StartAsync(options.Scenario.ServerHeap, options.Pinned, stop) : null;
        string url = options.Url ?? own!.Url;
        using WorldTarget target = new(new Uri(url), options.Key);
        WorldBuilder builder = new(target, _ids);
        string? left = null;
        RunResult result;
        try
        {
            if (options.World is null)
            {
                meter.Doing($"putting {options.Scenario.World.Brands} brands, importing {options.Scenario.World.Known} known consumers");
                _imported = await builder.BuildAsync(options.Scenario.World, options.Seed, stop);
            }

            if (own is not null && options.Scenario.ColdServer)
            {
                meter.Doing("starting the server anew, with nobody in memory");
                await own.RestartAsync(stop);
            }

            using MemoryWatch? memory = own is null ? null : MemoryWatch.Open(own.ProcessId);
            await using Reference? reference = options.Reference ? await StartReferenceAsync(stop) : null;
            _reference = reference;
            result = await LoadAsync(url, own, given ?? memory, stop);
        }
        finally
        {
            left = own is null ? await CleanAsync(builder) : null;
        }

        return own is not null && options.Scenario.Verify && result.Partial is null ? await VerifyAsync(result, own, stop) : result with { Left = left };
    }

    private async Task<RunResult> LoadAsync(string url, OwnServer? own, MemoryWatch? memory, CancellationToken stop)
    {
        List<ClientHandle> clients = [];
        try
        {
            meter.Doing($"opening {options.Connections} connections from {options.Clients} {(options.Clients == 1 ? "process" : "processes")}");
            for (int client = 0; client < options.Clients; client++)
            {
                clients.Add(await ClientHandle.StartAsync(PlanOf(url, client)));
            }

            SecondBoard board = new(options.Clients, () => memory?.Read(), meter.Second);
            KneeSearch? knee = options.Knee ? new KneeSearch(options.Scenario.Rate, options.Scenario.Thresholds.DecisionP99 ?? KneeLimit) : null;
            DateTimeOffset began = DateTimeOffset.UtcNow;
            double cpu = own?.CpuSeconds ?? 0;
            await (knee is null ? RunScenarioAsync(clients, board, stop) : SearchAsync(knee, clients, board, stop));
            double? used = own?.CpuSeconds - cpu;
            _acknowledged = _imported + board.Acknowledged;
            if (own is { HasExited: true } && !stop.IsCancellationRequested)
            {
                _partial = $"the server ended during the run; it said: {own.Said}";
            }

            IReadOnlyList<CheckResult> checks = await CheckAsync(clients);
            return new RunResult
            {
                Options = options,
                Url = url,
                Began = began,
                Total = board.Total,
                Reference = _reference?.Total,
                Seconds = board.Rows,
                Steps = knee?.Steps ?? [],
                Knee = knee?.Knee,
                KneeIsGenerators = knee?.IsGeneratorsOwn ?? false,
                Checks = checks,
                Partial = _partial,
                Saturated = knee is null ? Saturation.Of(board.Total) : null,
                ServerCpu = used,
                Left = null,
            };
        }
        finally
        {
            foreach (ClientHandle client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    private Task RunScenarioAsync(List<ClientHandle> clients, SecondBoard board, CancellationToken stop)
    {
        Scenario scenario = options.Scenario;
        meter.Doing($"{scenario.Name}: {scenario.Rate:N0} visits a second for {scenario.Seconds:N0} s after {scenario.Warmup:N0} s of warm-up");
        return RunSegmentAsync(clients, board, new Segment(0, 0, scenario.Rate, scenario.Warmup, scenario.Seconds, Level: false), stop);
    }

    private async Task SearchAsync(KneeSearch knee, List<ClientHandle> clients, SecondBoard board, CancellationToken stop)
    {
        for (int number = 0; _partial is null && knee.Next is { } rate; number++)
        {
            meter.Doing($"{rate:N0} visits a second");
            double warmup = number == 0 ? options.Scenario.Warmup : SettleSeconds;
            await RunSegmentAsync(clients, board, new Segment(number, 0, rate, warmup, StepSeconds, Level: true), stop);
            if (_partial is null)
            {
                knee.Take(rate, board.Newest);
            }
        }
    }

    private async Task RunSegmentAsync(List<ClientHandle> clients, SecondBoard board, Segment segment, CancellationToken stop)
    {
        board.Begin();
        Segment shared = segment with { Start = Ticks.Now + Ticks.Of(HeadStart) };
        await using CancellationTokenRegistration stopping = stop.Register(() => clients.ForEach(c => _ = c.StopAsync()));
        Task<string?> beside = _reference?.AskAsync(shared, stop) ?? Task.FromResult<string?>(null);
        SegmentEnd[] ends = await Task.WhenAll(clients.Select(c => c.RunAsync(shared, board.Take)));
        board.End();
        _partial = ends.Select(e => e.Early).FirstOrDefault(e => e is not null);
        _fresh = ends.Max(e => e.Fresh);
        if (_partial is not null && _reference is not null)
        {
            await _reference.StopAsync();
        }

        string? early = await beside;
        _partial ??= early;
    }

    private Task<Reference> StartReferenceAsync(CancellationToken stop)
    {
        meter.Doing("starting a bare server beside it, as a reference");
        return Reference.StartAsync(options, _ids, stop);
    }

    private async Task<IReadOnlyList<CheckResult>> CheckAsync(List<ClientHandle> clients)
    {
        if (_partial is not null)
        {
            return [];
        }

        meter.Doing("checking what was acknowledged");
        try
        {
            IReadOnlyList<CheckResult>[] found = await Task.WhenAll(clients.Select(c => c.FinishAsync()));
            return CheckResult.Merge(found.SelectMany(f => f));
        }
        catch (LoadFailureException fault)
        {
            _partial = $"the checks after the load could not be made: {fault.Message}";
            return [];
        }
    }

    private async Task<RunResult> VerifyAsync(RunResult result, OwnServer own, CancellationToken stop)
    {
        meter.Doing("ending the server, recounting its journal");
        await own.EndAsync();
        try
        {
            return result with { Checks = [.. result.Checks, await FolderRecount.RunAsync(own.Folder, _acknowledged, stop)] };
        }
        catch (Exception fault) when (fault is LoadFailureException or OperationCanceledException)
        {
            return result with { Partial = $"the journal was not recounted: {fault.Message}" };
        }
    }

    // Its own world, and in any world who was new. What is left is said while the run ends, and in its result.
    private async Task<string?> CleanAsync(WorldBuilder builder)
    {
        int first = options.World is null ? 0 : options.Scenario.World.Consumers;
        int end = options.Scenario.World.Consumers + (_fresh ?? 0);
        string? left;
        try
        {
            if (end > first)
            {
                meter.Doing($"erasing up to {end - first:N0} consumers");
            }

            Erased erased = await builder.EraseAsync(first, end - first, Patience, CancellationToken.None);
            if (options.World is null)
            {
                await builder.DeleteBrandsAsync(CancellationToken.None);
            }

            left = erased.Left > 0 ? string.Create(CultureInfo.InvariantCulture, $"up to {erased.Left:N0} consumers were not erased within {Patience.TotalSeconds:N0} s")
                : _fresh is null && options.Scenario.Visitors.Fresh > 0 ? "nobody can say how many were new, and they were not erased"
                : null;
        }
        catch (LoadFailureException fault)
        {
            left = $"the world {_ids.Run} could not be taken away: {fault.Message}";
        }

        if (left is not null)
        {
            left = string.Create(CultureInfo.InvariantCulture, $"{left}. 'world --clean --url {options.Url} --run {_ids.Run} --known {end}' takes away all that begins with {_ids.Run}.");
            meter.Doing(left);
        }

        return left;
    }

    private LoadPlan PlanOf(string url, int client) => new()
    {
        Url = url,
        Key = options.Key,
        Run = options.Run,
        Ids = _ids,
        Scenario = options.Scenario,
        Seed = options.Seed,
        Client = client,
        Clients = options.Clients,
        Connections = Math.Max(1, options.Connections / options.Clients),
        Timeout = options.Timeout,
    };
}
