using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Tests.Support;

/// <summary>Small scenarios and plans for tests.</summary>
internal static class Plans
{
    public const string Run = "ldtest";

    /// <summary>Decisions alone, of a few consumers nobody knows.</summary>
    public static Scenario Scenario(double rate, double seconds, double warmup = 0) => ScenarioReader.Read("small", string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $$"""{ "about": "small", "world": { "brands": 2, "creatives": 4, "consumers": 1000 }, "rate": {{rate}}, "seconds": {{seconds}}, "warmup": {{warmup}} }"""));

    public static RunOptions Options(Scenario scenario, string? url, int clients = 1, int connections = 8) => new()
    {
        Scenario = scenario,
        Url = url,
        Key = null,
        Seed = 1,
        Clients = clients,
        Connections = connections,
        Timeout = 10,
        Knee = false,
        Pinned = false,
        Reference = false,
        World = null,
        Process = null,
        Run = Run,
    };

    public static LoadPlan Plan(Scenario scenario, int client = 0, int clients = 1) => new()
    {
        Url = "http://127.0.0.1:1",
        Key = null,
        Run = Run,
        Ids = new WorldIds(Run),
        Scenario = scenario,
        Seed = 1,
        Client = client,
        Clients = clients,
        Connections = 1,
        Timeout = 10,
    };
}
