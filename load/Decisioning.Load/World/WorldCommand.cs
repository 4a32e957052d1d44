using System.CommandLine;
using System.Globalization;
using Decisioning.Load.Http;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.World;

/// <summary><c>world</c>: puts a world into a server, or takes it out again.</summary>
internal static class WorldCommand
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    private static readonly Option<string> Url = new("--url") { Description = "The server.", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
    private static readonly Option<string?> Key = new("--key") { Description = "A key with the role admin; none where the server has none.", HelpName = "KEY" };

    private static readonly Option<string> Run = new("--run")
    {
        Description = "What every id begins with: 1 to 24 lower case letters and digits.",
        HelpName = "ID",
        DefaultValueFactory = _ => "world",
    };

    private static readonly Option<int> Brands = new("--brands") { Description = "Brands.", HelpName = "N", DefaultValueFactory = _ => 8 };
    private static readonly Option<int> Creatives = new("--creatives") { Description = "Creatives of each brand.", HelpName = "N", DefaultValueFactory = _ => 24 };

    private static readonly Option<int> Known = new("--known")
    {
        Description = "Consumers with a history; with --clean those to delete, by number from 0.",
        HelpName = "N",
        DefaultValueFactory = _ => 20_000,
    };

    private static readonly Option<double> Zipf = new("--zipf") { Description = "How unevenly consumers come, and are known.", HelpName = "S", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Seed = new("--seed") { Description = "The same seed gives the same histories.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Clean = new("--clean") { Description = "Deletes the run's consumers and brands instead." };

    static WorldCommand()
    {
        Url.Refusing(TargetAddress.FaultOf);
        Run.Refusing(id => WorldIds.FaultOf(Run.Name, id));
        Brands.Within(1, 1_000);
        Creatives.Within(WorldStory.Steps.Length, 5_000);
        Known.Within(0, 100_000_000);
        Zipf.Within(0d, 2);
        Seed.Within(0, int.MaxValue);
    }

    /// <param name="output">What was done, a line.</param>
    /// <param name="error">How far it is.</param>
    public static Command Create(TextWriter output, TextWriter error)
    {
        Command command = new("world", "Puts brands and consumers with a history into a server over HTTP, or deletes them again.")
        {
            Url, Key, Run, Brands, Creatives, Known, Zipf, Seed, Clean,
        };
        command.SetAction((parsed, stop) => RunAsync(parsed, output, error, stop));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken stop)
    {
        using WorldTarget target = new(new Uri(parsed.GetRequiredValue(Url)), parsed.GetValue(Key));
        WorldIds ids = new(parsed.GetRequiredValue(Run));
        WorldBuilder builder = new(target, ids, new Teller(error));
        int known = parsed.GetValue(Known);
        if (parsed.GetValue(Clean))
        {
            Erased erased = await builder.EraseAsync(0, known, null, stop);
            int brands = await builder.DeleteBrandsAsync(stop);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Deleted {brands} brands and {erased.Consumers} consumers of {ids.Run}."));
            return ExitCodes.Done;
        }

        WorldShape shape = new()
        {
            Brands = parsed.GetValue(Brands),
            Creatives = parsed.GetValue(Creatives),
            Consumers = Math.Max(1, known),
            Known = known,
            Zipf = parsed.GetValue(Zipf),
        };
        await builder.BuildAsync(shape, parsed.GetValue(Seed), stop);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Put {shape.Brands} brands ({ids.BrandOf(0)} …) of {shape.Creatives} creatives and {known} known consumers ({ids.ConsumerOf(0)} …)."));
        return ExitCodes.Done;
    }

    // At most once a second, and at the end of each part.
    private sealed class Teller(TextWriter error) : IProgress<WorldProgress>
    {
        private readonly Lock _gate = new();
        private long _next;

        public void Report(WorldProgress value)
        {
            long now = Environment.TickCount64;
            lock (_gate)
            {
                if (now >= _next || value.Done == value.Of)
                {
                    _next = now + (long)TellEvery.TotalMilliseconds;
                    error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.What}: {value.Done} of {value.Of}"));
                }
            }
        }
    }
}
