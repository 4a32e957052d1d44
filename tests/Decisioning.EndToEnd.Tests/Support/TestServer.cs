using System.Net;
using Decisioning.EndToEnd.Tests.Support;
using Decisioning.Tests.Common;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Decisioning.EndToEnd.Tests.Support;

/// <summary>A server process with a data folder of its own on a port of its own, which can be killed and started again.</summary>
public class TestServer : IAsyncDisposable
{
    private readonly string[] _options;
    private readonly IReadOnlyDictionary<string, string>? _configuration;
    private readonly int _port = Loopback.FreePort();
    private ServerRun? _run;

    private TestServer(string[] options, IReadOnlyDictionary<string, string>? configuration)
    {
        _options = options;
        _configuration = configuration;
        Url = new Uri($"http://127.0.0.1:{_port}");
        Folder = Path.Combine(Path.GetTempPath(), $"decisioning-e2e-{Guid.NewGuid():n}");
        Api = new ApiClient(Url);
    }

    public Uri Url { get; }

    /// <summary>Its data folder.</summary>
    public string Folder { get; }

    /// <summary>A caller without a key.</summary>
    internal ApiClient Api { get; }

    /// <summary>What the run that stands wrote to its standard error.</summary>
    public string Log => _run!.Error;

    /// <summary>The next line of the run that stands that begins so.</summary>
    public Task<string> SaysAsync(string beginning) => _run!.SaysAsync(beginning);

    /// <param name="options">Options beside address and folder.</param>
    public static Task<TestServer> StartAsync(params string[] options) => StartAsync(null, options);

    /// <param name="configuration">Entries such as <c>Keys__0__Id</c>.</param>
    /// <param name="options">Options beside address and folder.</param>
    public static async Task<TestServer> StartAsync(IReadOnlyDictionary<string, string>? configuration, params string[] options)
    {
        TestServer server = new(options, configuration);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it where it is not running: the same folder, the same port.</summary>
    public async Task StartAgainAsync()
    {
        _run = ServerRun.Start(["--urls", Url.ToString().TrimEnd('/'), "--data", Folder, .. _options], _configuration);
        await _run.ListeningAsync();
        Answer ready = await Api.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.OK, ready.Status);
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _run!.KillAsync();

    public async Task KillAndStartAgainAsync()
    {
        await KillAsync();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_run is not null)
        {
            await _run.DisposeAsync();
        }

        Api.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>One server for all tests that keep to brands and consumers of their own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private TestServer? _server;

    internal ApiClient Api => Server.Api;

    public TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
