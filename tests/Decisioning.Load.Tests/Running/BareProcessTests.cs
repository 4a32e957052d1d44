using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Tests.Running;

/// <summary>The bare server, in a process of its own.</summary>
public sealed class BareProcessTests
{
    private const string Key = "dk_bare";

    private static readonly WorldIds Ids = new("bare");
    private static readonly WorldShape Shape = new() { Brands = 1, Creatives = 4, Consumers = 100, Known = 0, Zipf = 0 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_acknowledges_is_in_its_file_once_each_also_where_it_is_killed()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bare-");
        string[] ids = [.. Enumerable.Range(0, 60).Select(i => $"e-{i}")];
        await using (ServerProcess server = await BareProcess.StartAsync(folder.FullName, Ids, Shape, Key, batch: true, pinned: false, Stop))
        {
            using HttpClient http = Open(server);
            string[] said = await Task.WhenAll(ids.Select(id => RecordAsync(http, id)));
            Assert.All(said, answer => Assert.Contains("\"accepted\":1", answer, StringComparison.Ordinal));
            using var process = Process.GetProcessById(server.Id);
            process.Kill();
            await process.WaitForExitAsync(Stop);
        }

        string[] lines = await File.ReadAllLinesAsync(Path.Combine(folder.FullName, "events.log"), Stop);
        folder.Delete(recursive: true);
        Assert.Equal(ids.Order(StringComparer.Ordinal), lines.Select(l => l.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(lines, line => Assert.StartsWith($"View consumer-1 {Ids.BrandOf(0)} ", line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Servers_that_are_pinned_have_one_core()
    {
        Assert.SkipUnless(Cores.ArePinned, "Servers are pinned where a Linux machine has two cores and taskset (Debian: apt-get install util-linux).");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bare-");
        await using (ServerProcess bare = await BareProcess.StartAsync(folder.FullName, Ids, Shape, Key, batch: false, pinned: true, Stop))
        await using (OwnServer own = await OwnServer.StartAsync(null, pinned: true, Stop))
        {
            Assert.Equal("0", CoresOf(bare.Id));
            Assert.Equal("0", CoresOf(own.ProcessId));
            await own.RestartAsync(Stop);
            Assert.Equal("0", CoresOf(own.ProcessId));
        }

        folder.Delete(recursive: true);
    }

    private static string CoresOf(int process)
    {
        const string Allowed = "Cpus_allowed_list:";
        return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")).Single(l => l.StartsWith(Allowed, StringComparison.Ordinal))[Allowed.Length..].Trim();
    }

    private static HttpClient Open(ServerProcess server)
    {
        HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(server.ReadyLine) };
        http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        return http;
    }

    private static async Task<string> RecordAsync(HttpClient http, string id)
    {
        string now = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        using StringContent body = new(
            $$"""{"events":[{"eventId":"{{id}}","type":"view","consumerId":"consumer-1","brand":"{{Ids.BrandOf(0)}}","occurredAt":"{{now}}"}]}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync("v1/events", body, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Stop);
    }
}
