using System.Diagnostics;
using System.Reflection;

namespace Decisioning.Load.Running;

/// <summary>A client process as the coordinator sees it.</summary>
internal sealed class ClientHandle : IAsyncDisposable
{
    private readonly Process _process;
    private readonly int _number;

    private ClientHandle(Process process, int number) => (_process, _number) = (process, number);

    /// <summary>Starts a client and waits until its connections are open.</summary>
    /// <exception cref="LoadFailureException">It cannot do what the plan asks.</exception>
    public static async Task<ClientHandle> StartAsync(LoadPlan plan)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) != ProgramName)
        {
            // Run by something else: dotnet, or a test.
            start.FileName = "dotnet";
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, ProgramName + ".dll"));
        }

        start.ArgumentList.Add(ClientProcess.Command);
        ClientHandle handle = new(Process.Start(start)!, plan.Client);
        await handle.TellAsync(new ToldClient { Plan = plan });
        ClientSays first = await handle.HearAsync();
        return first.Ready ? handle : throw new LoadFailureException($"{plan.Url}: {first.Fault}");
    }

    /// <summary>Runs a segment.</summary>
    /// <param name="take">Takes each frame as it comes.</param>
    public async Task<SegmentEnd> RunAsync(Segment segment, Action<Frame> take)
    {
        await TellAsync(new ToldClient { Segment = segment });
        while (true)
        {
            ClientSays heard = await HearAsync();
            if (heard.Frame is { } frame)
            {
                take(frame);
            }
            else
            {
                return heard.End ?? new SegmentEnd(heard.Fault, null);
            }
        }
    }

    /// <summary>Ends the segment that runs.</summary>
    public Task StopAsync() => TellAsync(new ToldClient { Stop = true });

    /// <summary>Has the checks made that come after the load.</summary>
    /// <exception cref="LoadFailureException">They could not be made.</exception>
    public async Task<IReadOnlyList<CheckResult>> FinishAsync()
    {
        await TellAsync(new ToldClient { Finish = true });
        ClientSays heard = await HearAsync();
        return heard.Checks ?? throw new LoadFailureException(heard.Fault ?? "A client made no checks.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string ProgramName => Assembly.GetExecutingAssembly().GetName().Name!;

    private async Task TellAsync(ToldClient order)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(ClientLine.Of(order));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It is gone: hearing says so.
        }
    }

    private async Task<ClientSays> HearAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            return ClientLine.Read<ClientSays>(line);
        }

        await _process.WaitForExitAsync();
        return new ClientSays { Fault = $"client process {_number} ended unasked with code {_process.ExitCode}" };
    }
}
