using Decisioning.Api.Tokens;
using Decisioning.Engine.Background;
using Decisioning.Server.Options;
using Decisioning.Server.Telemetry;
using Decisioning.Server.Traffic;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Decisioning.Server;

/// <summary>The program: reads its options, opens the host, serves until it is told to stop, closes the host.</summary>
public static class ServerProgram
{
    private const string ConfigurationFile = "appsettings.json";
    private const string EnvironmentPrefix = "DECISIONING__";

    /// <summary>Runs the program; its exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="program">The host to serve.</param>
    /// <param name="output">For what was asked for: the banner, a new key.</param>
    /// <param name="error">For faults.</param>
    /// <param name="stop">Stops the server, beside the signals of the operating system.</param>
    public static async Task<int> RunAsync(string[] args, HostProgram program, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (args.Length > 0 && args[0] == "keys")
        {
            return KeysCommand.Run(args[1..], program, output, error);
        }

        if (args.Length > 0 && args[0] == "health")
        {
            return await HealthCommand.RunAsync(args[1..], error, stop);
        }

        CommandLine line = CommandLine.Parse(args, program.Options);
        if (line.Help)
        {
            output.WriteLine(CommandLine.Usage(program));
            return ExitCodes.Done;
        }

        try
        {
            if (OptionsReader.Read(line, ReadConfiguration(), program, out OpenHost? open, out IReadOnlyList<string> faults) is not { } options)
            {
                foreach (string fault in faults)
                {
                    error.WriteLine(fault);
                }

                return ExitCodes.BadOptions;
            }

            if (options.BatchThreads && BatchThreads.Enter() is { } refusal)
            {
                error.WriteLine($"The system does not let threads be batch threads: {refusal}. The server needs more CPU under load; BatchThreads=false leaves them as they are.");
            }

            return await ServeAsync(options, program, open!, output, stop);
        }
        catch (Exception fault) when (fault is StartException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            error.WriteLine($"Decisioning cannot start: {fault.Message}");
            return ExitCodes.NotStarted;
        }
    }

    private static async Task<int> ServeAsync(ServerOptions options, HostProgram program, OpenHost open, TextWriter output, CancellationToken stop)
    {
        MakePrivateFolder(options.DataFolder);
        using TelemetryExport? export = options.Telemetry is { } telemetry ? TelemetryExport.Start(telemetry, program.Name) : null;
        OpenedHost opened = await open(new HostRequest(options.DataFolder, TimeProvider.System, Traced: options.Telemetry is { TracedShare: > 0 }), stop);
        await using (opened.Lifetime.ConfigureAwait(false))
        {
            using TokenRing tokens = opened.Tokens ?? TokenKeyFile.OpenOrCreate(options.DataFolder);
            CrowdVisit crowd = CrowdVisit.Of(options);
            string? stillToDo = options.Demo ? "The demo brands are being put." : null;
            await using WebApplication app = ServerComposition.Build(
                options, opened, tokens, ServerComposition.PageFolder, TimeProvider.System, crowd.Key, () => Volatile.Read(ref stillToDo));
            await app.StartAsync(stop);
            await using CancellationTokenRegistration ending = opened.Ended.Register(app.Lifetime.StopApplication);
            string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            if (options.Demo)
            {
                // Its creatives are at the server itself, whose port is known only now.
                await opened.SeedDemo(options.PublicUrl ?? StartBanner.Reachable(address), stop);
                Volatile.Write(ref stillToDo, null);
            }

            StartBanner.Write(output, address, opened.DataPlace ?? options.DataFolder, options.Keys.Count > 0);
            Task visiting = crowd.RunAsync(new Uri(StartBanner.Reachable(address)), opened.Host.Catalogue, output, app.Lifetime.ApplicationStopping);
            await app.WaitForShutdownAsync(stop);
            await visiting;
            return opened.Ended.IsCancellationRequested ? ExitCodes.Ended : ExitCodes.Done;
        }
    }

    private static IConfiguration ReadConfiguration()
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, ConfigurationFile), optional: true, reloadOnChange: false)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .Build();
        }
        catch (FormatException fault)
        {
            throw new StartException($"{ConfigurationFile} is not JSON: {fault.InnerException?.Message ?? fault.Message}");
        }
    }

    private static void MakePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
