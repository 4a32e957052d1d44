using System.Net.Http.Json;
using System.Text.Json;
using Decisioning.Server;

namespace Decisioning.Cluster.Tests.Support;

/// <summary>A silo's program within this process, from its command line on, with a caller.</summary>
internal sealed class RunningSilo(Task<int> run, string banner, CancellationTokenSource stop) : IAsyncDisposable
{
    private const string Listening = "listening on ";

    public string Banner => banner;

    public HttpClient Http { get; } = new()
    {
        BaseAddress = new Uri(banner[(banner.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Split('\n')[0].Trim() + "/"),
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static string[] Line(string folder, params string[] more) => ["--urls", "http://127.0.0.1:0", "--data", folder, .. more];

    public static async Task<RunningSilo> StartAsync(HostProgram program, string folder, params string[] more)
    {
        CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        BannerWriter output = new();
        StringWriter error = new();
        Task<int> run = ServerProgram.RunAsync(Line(folder, more), program, output, error, stop.Token);
        await Task.WhenAny(run, output.Written);
        Assert.True(output.Written.IsCompleted, error.ToString());
        return new RunningSilo(run, output.ToString(), stop);
    }

    /// <summary>Sends the one event of these tests; what became of it.</summary>
    public async Task<string> RecordAsync()
    {
        object batch = new { events = new[] { new { eventId = "e-1", type = "view", consumerId = "c-1", brand = "borealis", occurredAt = DateTime.UtcNow } } };
        using HttpResponseMessage answer = await Http.PostAsJsonAsync("v1/events", batch, Cancelled);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("results")[0].GetProperty("status").GetString()!;
    }

    /// <summary>Asks for a decision.</summary>
    public async Task<JsonElement> DecideAsync()
    {
        object request = new { consumer = new { id = "c-1", consent = true }, placements = new[] { new { id = "p", channel = "home" } }, brands = new[] { "borealis" } };
        using HttpResponseMessage answer = await Http.PostAsJsonAsync("v1/decisions", request, Cancelled);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }

    /// <summary>Asks it to end; its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await stop.CancelAsync();
        return await run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        stop.Dispose();
    }

    // The banner is whole once it is flushed.
    private sealed class BannerWriter : StringWriter
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public override void Flush() => _written.TrySetResult();
    }
}
