using Decisioning.Load.Http;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Compare;

/// <summary>
/// Starts them all, puts the same world into those that decide, and measures them in turns: how much they answer (closed loop), then how long it takes at a rate that all can
/// answer (open loop). All of it is gone afterwards.
/// </summary>
internal sealed class CompareRun(CompareOptions options, TextWriter progress)
{
    private const int MostWarmUps = 20;
    private const double NoLess = 0.97;
    private const double MicrosecondsPerSecond = 1_000_000;
    private const double Timeout = 10;

    private readonly WorldIds _ids = new("cmp");

    // Decisions alone: the bare endpoint is asked nothing else.
    private readonly Scenario _scenario = options.Scenario.Plain(new VisitMix(1, 0, 0));

    /// <exception cref="LoadFailureException">A program is missing or does not start.</exception>
    public async Task<Comparison> RunAsync(CancellationToken stop)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cmp-");
        try
        {
            await Cores.MoveClientAsync(stop);
            await using Contender redis = await Contender.StartRedisAsync(folder.CreateSubdirectory("r").FullName, stop);
            await using Contender engine = await Contender.StartEngineAsync(folder.CreateSubdirectory("e").FullName, stop);
            await using Contender bare = await Contender.StartBareAsync(folder.CreateSubdirectory("b").FullName, _ids, _scenario.World, batch: false, stop);
            await using Contender batch = await Contender.StartBareAsync(folder.CreateSubdirectory("t").FullName, _ids, _scenario.World, batch: true, stop);
            foreach (Contender contender in (Contender[])[redis, engine, bare, batch])
            {
                // The bare endpoint has the brands that requests may name, and nobody to know.
                WorldShape world = contender == bare || contender == batch ? _scenario.World with { Known = 0 } : _scenario.World;
                Say($"{contender.Name}: {world.Brands} brands, {world.Known} known consumers");
                using WorldTarget target = new(contender.Url, Contender.Key);
                await new WorldBuilder(target, _ids).BuildAsync(world, options.Seed, stop);
            }

            return await MeasureAsync([bare, batch, redis, engine], stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<Comparison> MeasureAsync(Contender[] contenders, CancellationToken stop)
    {
        Compared[] compared = [.. contenders.Select(c => new Compared(c, new Measured(c.Name)))];
        await ThroughputAsync(compared, stop);
        double rate = options.Rate ?? Math.Floor(compared.Min(c => Medians.Of(c.Measured.PerSecond)) / 2);
        for (int round = 0; round < options.Rounds; round++)
        {
            foreach (Compared one in compared)
            {
                Say($"open loop, round {round + 1} of {options.Rounds}: {one.Contender.Name}");
                await OnOwnThreadAsync(() => OpenRound(one, round, rate, stop), stop);
            }
        }

        return new Comparison(rate, Cores.ArePinned, compared[0].Measured, compared[1].Measured, compared[2].Measured, compared[3].Measured);
    }

    private async Task ThroughputAsync(Compared[] compared, CancellationToken stop)
    {
        List<(Compared One, ClosedLoop Loop)> loops = [];
        try
        {
            foreach (Compared one in compared)
            {
                LoadPlan plan = PlanOf(one.Contender, 0);
                loops.Add((one, new ClosedLoop(plan, await TargetAddress.ResolveAsync(plan.Url, stop))));
                Say($"{one.Contender.Name}: warming up");
                await OnOwnThreadAsync(() => Warm(one.Contender, loops[^1].Loop, stop), stop);
            }

            for (int round = 0; round < options.Rounds; round++)
            {
                foreach ((Compared one, ClosedLoop loop) in loops)
                {
                    Say($"closed loop, round {round + 1} of {options.Rounds}: {one.Contender.Name}");
                    await OnOwnThreadAsync(() => one.Take(loop, options.Seconds), stop);
                }
            }
        }
        finally
        {
            loops.ForEach(l => l.Loop.Dispose());
        }
    }

    // Until a request costs no less than it did: the code is compiled for good.
    private void Warm(Contender contender, ClosedLoop loop, CancellationToken stop)
    {
        double best = double.MaxValue;
        for (int i = 0, steady = 0; i < MostWarmUps && steady < 3 && !stop.IsCancellationRequested; i++)
        {
            TimeSpan before = contender.Cpu;
            LoopRound round = loop.Run(options.Seconds);
            double cost = (contender.Cpu - before).TotalSeconds / Math.Max(1, round.Answered);
            steady = cost < best * NoLess ? 0 : steady + 1;
            best = Math.Min(best, cost);
        }
    }

    private void OpenRound(Compared one, int round, double rate, CancellationToken stop)
    {
        LoadPlan plan = PlanOf(one.Contender, round + 1);
        using FrameBelt belt = new();
        using ClientLoop loop = new(plan, TargetAddress.ResolveAsync(plan.Url, stop).GetAwaiter().GetResult(), NoWatch.Instance, belt);
        string? early = loop.Run(new Segment(round, Ticks.Now, rate, Math.Min(1, options.Seconds), options.Seconds, Level: true), stop);
        belt.End();
        one.Measured.Open.Begin();
        foreach (Frame frame in belt.Frames())
        {
            one.Measured.Open.Take(frame);
        }

        one.Measured.Open.End();
        if (early is not null)
        {
            throw new LoadFailureException($"{one.Contender.Name}: the round ended early, for {early}.");
        }
    }

    private LoadPlan PlanOf(Contender contender, int round) => new()
    {
        Url = contender.Url.ToString(),
        Key = Contender.Key,
        Run = _ids.Run,
        Ids = _ids,
        Scenario = _scenario,
        Seed = options.Seed + (1_000 * round),
        Client = 0,
        Clients = 1,
        Connections = options.Connections,
        Timeout = Timeout,
    };

    private void Say(string what) => progress.WriteLine(what);

    // Threads that are begun here are pinned as this one is; pool threads may carry other work.
    private static async Task OnOwnThreadAsync(Action work, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        }).Start();
        await done.Task;
    }

    private sealed record Compared(Contender Contender, Measured Measured)
    {
        public void Take(ClosedLoop loop, double seconds)
        {
            TimeSpan before = Contender.Cpu;
            LoopRound round = loop.Run(seconds);
            Measured.PerSecond.Add(round.PerSecond);
            Measured.CpuPerRequest.Add((Contender.Cpu - before).TotalSeconds * MicrosecondsPerSecond / Math.Max(1, round.Answered));
            Measured.Answered += round.Answered;
            Measured.Decided += round.Decided;
            Measured.Failed += round.Failed;
        }
    }

    private sealed class NoWatch : IAnswerWatch
    {
        public static NoWatch Instance { get; } = new();

        public void Decided(in SeenDecision decision)
        {
        }

        public void Recorded(in SeenEvents events)
        {
        }

        public Task<IReadOnlyList<CheckResult>> FinishAsync(CancellationToken stop) => Task.FromResult<IReadOnlyList<CheckResult>>([]);
    }
}
