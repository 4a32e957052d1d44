using System.Runtime.Versioning;
using System.Text;
using Decisioning.Api.Tokens;
using Decisioning.Core.Hosting;
using Decisioning.Server.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Server.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class ServerProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-server-");

    private string DataFolder => Path.Combine(_folder.FullName, "data");

    [Fact]
    public async Task It_says_where_it_listens_and_a_line_to_try_and_closes_the_host_at_the_end()
    {
        IdleHost host = new();
        await using Running server = await StartAsync(host);
        Assert.Contains($"  data  {DataFolder}", server.Banner, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(DataFolder));

        string line = server.Banner.Split('\n').Single(l => l.StartsWith("curl ", StringComparison.Ordinal));
        string[] parts = line.Split('\'');
        string address = line.Split(' ')[2];
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.PostAsync(
            address, new StringContent(parts[3], Encoding.UTF8, parts[1].Split(": ")[1]), TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.False(host.IsClosed);
        Assert.Equal(0, await server.StopAsync());
        Assert.True(host.IsClosed);
    }

    [Fact]
    public async Task A_start_offers_the_demo_brands_with_its_address()
    {
        IdleHost host = new();
        await using Running server = await StartAsync(host, "--public-url", "https://decide.example");
        Assert.Equal(["https://decide.example"], host.Seeded);
    }

    [Fact]
    public async Task It_is_not_ready_before_the_demo_brands_are_there()
    {
        using HttpClient client = new();
        HttpResponseMessage? early = null;
        IdleHost host = new() { Seeding = async url => early = await client.GetAsync($"{url}/readyz", TestContext.Current.CancellationToken) };
        await using Running server = await StartAsync(host);
        Assert.Equal(503, (int)early!.StatusCode);
        Assert.Contains("demo brands", await early.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(200, (int)(await client.GetAsync($"{server.Address}/readyz", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Without_demo_the_catalogue_stays_empty()
    {
        IdleHost host = new();
        await using Running server = await StartAsync(host, "--no-demo");
        Assert.Empty(host.Seeded);
    }

    [Fact]
    public async Task A_crowd_for_whom_there_is_no_demo_brand_stays_away_and_the_server_serves()
    {
        IdleHost host = new();
        await using Running server = await StartAsync(host, "--traffic", "60");
        using HttpClient client = new();
        Assert.Equal(200, (int)(await client.GetAsync($"{server.Address}/healthz", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(0, await server.StopAsync());
        Assert.Contains("no crowd comes, for the catalogue has no demo brand aurora and borealis", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_keeps_it_from_starting_is_said_in_a_sentence_and_the_host_is_closed()
    {
        Directory.CreateDirectory(DataFolder);
        File.WriteAllText(Path.Combine(DataFolder, TokenKeyFile.Name), "garbled");
        IdleHost host = new();
        StringWriter error = new();
        int exit = await ServerProgram.RunAsync(
            ["--data", DataFolder, "--urls", "http://127.0.0.1:0"], HostProgram.Plain((_, _) => ValueTask.FromResult(host.Opened)), TextWriter.Null, error,
                CancellationToken.None);
        Assert.Equal(1, exit);
        Assert.StartsWith("Decisioning cannot start: ", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
        Assert.True(host.IsClosed);
    }

    [Fact]
    public async Task An_address_in_use_and_a_refused_demo_are_said_too()
    {
        await using Running server = await StartAsync(new IdleHost());
        StringWriter error = new();
        Assert.Equal(1, await ServerProgram.RunAsync(
            ["--data", DataFolder, "--urls", server.Address], HostProgram.Plain((_, _) => ValueTask.FromResult(new IdleHost().Opened)), TextWriter.Null, error,
                CancellationToken.None));
        Assert.Contains("in use", error.ToString(), StringComparison.Ordinal);

        error = new StringWriter();
        IdleHost picky = new() { Refusal = "the demo brand aurora was refused: /name: There is no name." };
        Assert.Equal(1, await ServerProgram.RunAsync(
            ["--data", Path.Combine(_folder.FullName, "other"), "--urls", "http://127.0.0.1:0"], HostProgram.Plain((_, _) => ValueTask.FromResult(picky.Opened)),
                TextWriter.Null, error, CancellationToken.None));
        Assert.Contains("/name: There is no name.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_end_it_before_anything_is_opened()
    {
        StringWriter error = new();
        int exit = await ServerProgram.RunAsync(
            ["--urls", "http://0.0.0.0:80", "--colour"], HostProgram.Plain((_, _) => throw new InvalidOperationException("Opened.")), TextWriter.Null, error,
                CancellationToken.None);
        Assert.Equal(2, exit);
        Assert.Equal(2, error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_running_server_is_asked_how_it_is()
    {
        await using Running server = await StartAsync(new IdleHost());
        Assert.Equal((0, ""), await HealthAsync($"{server.Address}/readyz"));
        (int exit, string said) = await HealthAsync($"{server.Address}/none");
        Assert.Equal(1, exit);
        Assert.Contains("answered 404", said, StringComparison.Ordinal);
        await server.StopAsync();
        (exit, said) = await HealthAsync($"{server.Address}/readyz");
        Assert.Equal(1, exit);
        Assert.Contains("does not answer", said, StringComparison.Ordinal);
        Assert.Equal((2, "health takes one address, such as http://127.0.0.1:5080/readyz.\n"), await HealthAsync("nonsense"));

        static async Task<(int Exit, string Said)> HealthAsync(string address)
        {
            StringWriter error = new() { NewLine = "\n" };
            HostProgram none = HostProgram.Plain((_, _) => throw new InvalidOperationException("Opened."));
            return (await ServerProgram.RunAsync(["health", address], none, TextWriter.Null, error, CancellationToken.None), error.ToString());
        }
    }

    [Fact]
    public async Task Help_names_every_option()
    {
        StringWriter output = new();
        Assert.Equal(0, await ServerProgram.RunAsync(["--help"], HostProgram.Plain((_, _) => throw new InvalidOperationException("Opened.")), output, TextWriter.Null,
            CancellationToken.None));
        foreach (string option in new[] { "--urls", "--data", "--no-demo", "--traffic", "--public-url", "keys new", "health URL" })
        {
            Assert.Contains(option, output.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_is_served_at_the_root_with_its_headers_and_behind_the_guard()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "index.html"), "<!doctype html><title>Page</title>");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "app"));
        File.WriteAllText(Path.Combine(_folder.FullName, "app", "main.js"), "export {};");
        ServerOptions options = OptionsReader.Read(
            CommandLine.Parse(["--urls", "http://127.0.0.1:0", "--data", DataFolder]),
                new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), HostProgram.Plain((_, _) => throw new InvalidOperationException("Opened.")), out _, out _)!;
        using TokenRing tokens = new([(1, new byte[32])]);
        await using WebApplication app = ServerComposition.Build(options, new IdleHost().Opened, tokens, _folder.FullName, TimeProvider.System);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using HttpClient client = new() { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };

        using HttpResponseMessage page = await client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal((200, "text/html"), ((int)page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", page.Headers.GetValues("X-Frame-Options").Single());
        Assert.False(page.Headers.Contains("Server"));
        using HttpResponseMessage script = await client.GetAsync("/app/main.js", TestContext.Current.CancellationToken);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);

        Assert.Equal(404, (int)(await client.GetAsync("/app/none.js", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(404, (int)(await client.GetAsync("/..%2f..%2fetc/passwd", TestContext.Current.CancellationToken)).StatusCode);
        using HttpRequestMessage elsewhere = new(HttpMethod.Get, "/");
        elsewhere.Headers.Host = "evil.example";
        Assert.Equal(400, (int)(await client.SendAsync(elsewhere, TestContext.Current.CancellationToken)).StatusCode);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<Running> StartAsync(IdleHost host, params string[] more)
    {
        BannerWriter output = new();
        CancellationTokenSource stop = new();
        StringWriter error = new();
        Task<int> run = ServerProgram.RunAsync(
            ["--data", DataFolder, "--urls", "http://127.0.0.1:0", .. more], HostProgram.Plain((_, _) => ValueTask.FromResult(host.Opened)), output, error, stop.Token);
        await Task.WhenAny(run, output.Written);
        Assert.True(output.Written.IsCompleted, error.ToString());
        return new Running(run, stop, output);
    }

    /// <summary>A program under way.</summary>
    private sealed class Running(Task<int> run, CancellationTokenSource stop, BannerWriter output) : IAsyncDisposable
    {
        public string Banner { get; } = output.ToString();

        /// <summary>All it said; whole once it has stopped.</summary>
        public string Output => output.ToString();

        public string Address => Banner.Split('\n')[0].Split(' ')[^1].Trim();

        public Task<int> StopAsync()
        {
            stop.Cancel();
            return run;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            stop.Dispose();
        }
    }

    /// <summary>Completes once the banner is written and flushed.</summary>
    private sealed class BannerWriter : StringWriter
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public override void Flush() => _written.TrySetResult();
    }
}
