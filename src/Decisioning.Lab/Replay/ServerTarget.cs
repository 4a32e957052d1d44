using System.Net;
using System.Text.Json;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Replay;

/// <summary>A running server. Consumers are spread over several connections, each consumer's events all on one.</summary>
internal sealed class ServerTarget(Uri address, string? key) : IReplayTarget
{
    private const int Lanes = 8;

    private static readonly SipHash Spread = new(1, 2);

    public async Task ReplayAsync(ReplayScene scene, CancellationToken stop)
    {
        using var client = new ServerClient(address, key, Lanes);
        string currency = await PrepareBrandAsync(client, scene, stop);
        HashSet<string> consumers = await FeedAsync(client, currency, scene, stop);
        await CountStagesAsync(client, consumers, scene, stop);
    }

    /// <summary>Puts the brand's document where one is given or the server has none; its currency.</summary>
    private static async Task<string> PrepareBrandAsync(ServerClient client, ReplayScene scene, CancellationToken stop)
    {
        string path = $"v1/brands/{scene.Plan.Brand}";
        ServerAnswer stored = await client.SendAsync(HttpMethod.Get, path, null, stop);
        if (scene.Plan.Catalogue is not null || stored.Status == HttpStatusCode.NotFound)
        {
            byte[] document = BrandDocument.Of(scene.Plan, scene.Last);
            ServerAnswer put = await client.SendAsync(HttpMethod.Put, path, document, stop);
            if (put.Status is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
            {
                throw Refused(scene.Plan, document, put);
            }

            using JsonDocument taken = put.Json();

            // What was sent may leave out what was fixed at the brand's creation; what is kept does not.
            stored = await client.SendAsync(HttpMethod.Get, path, null, stop);
        }

        using JsonDocument brand = stored.Json();
        return brand.RootElement.TryGetProperty("currency", out JsonElement currency) ? currency.GetString()! : CatalogueCompiler.DefaultCurrency;
    }

    private static LabFailureException Refused(ReplayPlan plan, byte[] document, ServerAnswer answer)
    {
        using JsonDocument problem = JsonDocument.Parse(answer.Body);
        return problem.RootElement.TryGetProperty("errors", out JsonElement errors) && errors.ValueKind == JsonValueKind.Array
            ? BrandDocument.Refused(plan, document, [.. errors.EnumerateArray().Select(e => (TextOf(e, "pointer"), TextOf(e, "detail")))])
            : TextOf(problem.RootElement, "code") == "request.malformed" ? BrandDocument.Refused(plan, document, [("", TextOf(problem.RootElement, "detail"))])
            : answer.Failure();
    }

    private static string TextOf(JsonElement fault, string member) => fault.TryGetProperty(member, out JsonElement text) ? text.GetString() ?? "" : "";

    private static async Task<HashSet<string>> FeedAsync(ServerClient client, string currency, ReplayScene scene, CancellationToken stop)
    {
        scene.Meter.Begin("Replaying", scene.Summary.Events);
        ServerLane[] lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new ServerLane(client, scene.Plan.Brand, currency, scene))];
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<HashSet<string>> spreading = SpreadAsync(lanes, scene, failing.Token);
        await Task.WhenAll([.. lanes.Select(lane => GuardAsync(lane.RunAsync(failing.Token), failing)), GuardAsync(spreading, failing)]);
        return await spreading;
    }

    /// <summary>Hands every event to its consumer's lane; the consumers met.</summary>
    private static async Task<HashSet<string>> SpreadAsync(ServerLane[] lanes, ReplayScene scene, CancellationToken stop)
    {
        HashSet<string> consumers = new(StringComparer.Ordinal);
        foreach (StreamEvent e in scene.Plan.Stream.Read())
        {
            await scene.Pace.WaitAsync(e.OccurredAt, stop);
            consumers.Add(e.ConsumerId);
            await lanes[Spread.Of(e.ConsumerId) % Lanes].Events.WriteAsync(e, stop);
        }

        foreach (ServerLane lane in lanes)
        {
            lane.Events.Complete();
        }

        return consumers;
    }

    /// <summary>Stops everything else where one part fails.</summary>
    private static async Task GuardAsync(Task part, CancellationTokenSource failing)
    {
        try
        {
            await part;
        }
        catch
        {
            await failing.CancelAsync();
            throw;
        }
    }

    private static async Task CountStagesAsync(ServerClient client, HashSet<string> consumers, ReplayScene scene, CancellationToken stop)
    {
        scene.Meter.Begin("Counting stages", consumers.Count);
        await Parallel.ForEachAsync(consumers, new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = stop }, async (id, cancellation) =>
        {
            ServerAnswer answer = await client.SendAsync(HttpMethod.Get, $"v1/consumers/{Uri.EscapeDataString(id)}", null, cancellation);
            scene.Tally.Consumer(answer.Status == HttpStatusCode.NotFound ? Stage.None : StageIn(answer, scene.Plan.Brand));
            scene.Meter.Advance(1);
        });
    }

    private static Stage StageIn(ServerAnswer answer, string brand)
    {
        using JsonDocument json = answer.Json();
        return json.RootElement.GetProperty("brands").TryGetProperty(brand, out JsonElement relationship)
            ? Enum.Parse<Stage>(relationship.GetProperty("stage").GetString()!, ignoreCase: true)
            : Stage.None;
    }
}
