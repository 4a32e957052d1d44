using System.Net.Sockets;
using System.Threading.Channels;
using Decisioning.Load.Http;

namespace Decisioning.Load.Running;

/// <summary>A client process: takes its orders line by line from its input, tells its figures line by line on its output, and ends with its input.</summary>
internal static class ClientProcess
{
    /// <summary>The hidden command that begins one.</summary>
    public const string Command = "client";

    /// <param name="input">Lines of <see cref="ToldClient"/>.</param>
    /// <param name="output">Lines of <see cref="ClientSays"/>.</param>
    /// <param name="watchOf">Makes what looks at the answers.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(TextReader input, TextWriter output, Func<LoadPlan, IAnswerWatch> watchOf)
    {
        try
        {
            LoadPlan plan = await input.ReadLineAsync() is { } line && ClientLine.Read<ToldClient>(line).Plan is { } told
                ? told
                : throw new LoadFailureException("A client process is started by the generator alone.");
            await ServeAsync(plan, input, output, watchOf(plan));
            return ExitCodes.Done;
        }
        catch (Exception fault) when (fault is LoadFailureException or SocketException or InvalidDataException)
        {
            await SayAsync(output, new ClientSays { Fault = fault.Message });
            return ExitCodes.BadUsage;
        }
    }

    private static async Task ServeAsync(LoadPlan plan, TextReader input, TextWriter output, IAnswerWatch watch)
    {
        TargetAddress target = await TargetAddress.ResolveAsync(plan.Url, CancellationToken.None);
        using CancellationTokenSource stop = new();
        var orders = Channel.CreateUnbounded<ToldClient>();
        using FrameBelt belt = new();
        using ClientLoop loop = new(plan, target, watch, belt);
        using WatcherCrowd? crowd = plan.Client == 0 && plan.Scenario.Watchers > 0 ? new WatcherCrowd(target, plan.Key, plan.Scenario.Watchers, WatchedBrands(plan)) : null;
        await SayAsync(output, new ClientSays { Ready = true });
        Task reading = ReadOrdersAsync(input, orders.Writer, stop);
        await foreach (ToldClient order in orders.Reader.ReadAllAsync())
        {
            if (order.Segment is { } segment)
            {
                await RunAsync(loop, segment, belt, crowd, output, stop.Token);
            }
            else if (order.Finish)
            {
                await SayAsync(output, await FinishAsync(watch));
            }
        }

        await reading;
    }

    // The load has a thread of its own; the one that tells its figures is another.
    private static async Task RunAsync(ClientLoop loop, Segment segment, FrameBelt belt, WatcherCrowd? crowd, TextWriter output, CancellationToken stop)
    {
        TaskCompletionSource<string?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                ended.SetResult(loop.Run(segment, stop));
            }
            catch (Exception fault)
            {
                ended.SetException(fault);
            }
            finally
            {
                belt.End();
            }
        }).Start();
        await OnOwnThread(() =>
        {
            foreach (Frame frame in belt.Frames())
            {
                frame.Watched = crowd?.TakeMessages() ?? 0;
                output.WriteLine(ClientLine.Of(new ClientSays { Frame = frame }));
                output.Flush();
            }
            return true;
        });
        await SayAsync(output, new ClientSays { End = new SegmentEnd(await ended.Task, loop.Fresh) });
    }

    // Whatever goes wrong here must not take the figures with it.
    private static async Task<ClientSays> FinishAsync(IAnswerWatch watch)
    {
        try
        {
            return new ClientSays { Checks = await watch.FinishAsync(CancellationToken.None) };
        }
        catch (Exception fault)
        {
            return new ClientSays { Fault = fault.Message };
        }
    }

    private static async Task ReadOrdersAsync(TextReader input, ChannelWriter<ToldClient> orders, CancellationTokenSource stop)
    {
        // The console's input cannot be awaited.
        while (await OnOwnThread(input.ReadLine) is { } line)
        {
            ToldClient order = ClientLine.Read<ToldClient>(line);
            if (order.Stop)
            {
                await stop.CancelAsync();
            }
            else
            {
                orders.TryWrite(order);
            }
        }

        // Whoever gave the orders is gone.
        await stop.CancelAsync();
        orders.Complete();
    }

    // What waits with its thread must not have one of the pool's: that has one a core.
    private static Task<T> OnOwnThread<T>(Func<T> wait) => Task.Factory.StartNew(wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static async Task SayAsync(TextWriter output, ClientSays message)
    {
        await output.WriteLineAsync(ClientLine.Of(message));
        await output.FlushAsync();
    }

    private static string[] WatchedBrands(LoadPlan plan) => [.. Enumerable.Range(0, plan.Scenario.World.Brands).Select(plan.Ids.BrandOf)];
}
