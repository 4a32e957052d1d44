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

    private readonly WorldIds _ids = new(options.World ?? options.Run);
    private string? _partial;

    /// <summary>Runs.</summary>
    /// <param name="stop">Ends the load early; what was measured until then is the result.</param>
    /// <exception cref="LoadFailureException">The run could not begin.</exception>
    public async Task<RunResult> RunAsync(CancellationToken stop)
    {
        meter.Doing(options.Url is null ? "starting an embedded server" : $"asking {options.Url}");
        await using OwnServer? own = options.Url is null ? await OwnServer.StartAsync(stop) : null;
        string url = options.Url ?? own!.Url;
        using WorldTarget target = new(new Uri(url), options.Key);
        WorldBuilder builder = new(target, _ids);
        try
        {
            if (options.World is null)
            {
                meter.Doing($"putting {options.Scenario.World.Brands} brands, importing {options.Scenario.World.Known} known consumers");
                await builder.BuildAsync(options.Scenario.World, options.Seed, stop);
            }

            if (own is not null && options.Scenario.ColdServer)
            {
                meter.Doing("starting the server anew, with nobody in memory");
                await own.RestartAsync(stop);
            }

            return await LoadAsync(url, own, stop);
        }
        finally
        {
            if (own is null && options.World is null)
            {
                meter.Doing("taking the world away");
                await CleanAsync(builder);
            }
        }
    }

    private async Task<RunResult> LoadAsync(string url, OwnServer? own, CancellationToken stop)
    {
        List<ClientHandle> clients = [];
        try
        {
            meter.Doing($"opening {options.Connections} connections from {options.Clients} {(options.Clients == 1 ? "process" : "processes")}");
            for (int client = 0; client < options.Clients; client++)
            {
                clients.Add(await ClientHandle.StartAsync(PlanOf(url, client)));
            }

            SecondBoard board = new(options.Clients, () => own?.Memory, meter.Second);
            KneeSearch? knee = options.Knee ? new KneeSearch(options.Scenario.Rate, options.Scenario.Thresholds.DecisionP99 ?? KneeLimit) : null;
            DateTimeOffset began = DateTimeOffset.UtcNow;
            double cpu = own?.CpuSeconds ?? 0;
            await (knee is null ? RunScenarioAsync(clients, board, stop) : SearchAsync(knee, clients, board, stop));
            double? used = own?.CpuSeconds - cpu;
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
                Seconds = board.Rows,
                Steps = knee?.Steps ?? [],
                Knee = knee?.Knee,
                KneeIsGenerators = knee?.IsGeneratorsOwn ?? false,
                Checks = checks,
                Partial = _partial,
                Saturated = knee is null ? Saturation.Of(board.Total) : null,
                ServerCpu = used,
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
        string?[] ends = await Task.WhenAll(clients.Select(c => c.RunAsync(shared, board.Take)));
        board.End();
        _partial = ends.FirstOrDefault(e => e is not null);
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

    private async Task CleanAsync(WorldBuilder builder)
    {
        try
        {
            await builder.CleanAsync(options.Scenario.World.Consumers, CancellationToken.None);
        }
        catch (LoadFailureException fault)
        {
            meter.Doing($"the world {_ids.Run} could not be taken away: {fault.Message}");
        }
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
