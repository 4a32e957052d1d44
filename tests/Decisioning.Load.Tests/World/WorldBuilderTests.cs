using System.Net;
using System.Text.Json;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;
using Decisioning.Load.World;

namespace Decisioning.Load.Tests.World;

public sealed class WorldBuilderTests : IDisposable
{
    private static readonly WorldShape Shape = new() { Brands = 2, Creatives = 5, Consumers = 300, Known = 250, Zipf = 0 };
    private static readonly WorldIds Ids = new("r1");

    private readonly StubServer _server = new();
    private readonly WorldTarget _target;

    public WorldBuilderTests() => _target = new WorldTarget(_server.Url, "dk_test");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _target.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Brands_are_put_and_every_known_consumer_has_a_history()
    {
        _server.Answers["/v1/brands/r1-b000"] = _server.Answers["/v1/brands/r1-b001"] = """{"version":"1"}""";
        _server.Answers["/v1/imports"] = """{"accepted":100,"duplicates":25,"rejected":0,"results":[]}""";
        List<WorldProgress> told = [];
        await new WorldBuilder(_target, Ids, new Told(told)).BuildAsync(Shape, 1, Stop);
        Assert.Contains(new WorldProgress("brands put", 2, 2), told);
        Assert.Contains(new WorldProgress("known consumers", 250, 250), told);
        HashSet<string> consumers = [];
        foreach (string asked in _server.Asked.Where(a => a.StartsWith("POST", StringComparison.Ordinal)))
        {
            using JsonDocument body = JsonDocument.Parse(asked["POST /v1/imports ".Length..]);
            consumers.UnionWith(body.RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("consumerId").GetString()!));
        }

        Assert.Equal(Enumerable.Range(0, 250).Select(Ids.ConsumerOf), consumers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_history_that_is_not_taken_whole_is_a_failure()
    {
        _server.Answers["/v1/brands/r1-b000"] = _server.Answers["/v1/brands/r1-b001"] = """{"version":"1"}""";
        _server.Answers["/v1/imports"] = """{"accepted":124,"duplicates":0,"rejected":1,"results":[{"eventId":"h0","status":"rejected","code":"event.too_old"}]}""";
        LoadFailureException refused = await Assert.ThrowsAsync<LoadFailureException>(() => new WorldBuilder(_target, Ids).BuildAsync(Shape, 1, Stop));
        Assert.Contains("took 124 of 125", refused.Message, StringComparison.Ordinal);
        Assert.Contains("event.too_old", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_server_is_waited_for()
    {
        _server.First.Enqueue(HttpStatusCode.TooManyRequests);
        _server.First.Enqueue(HttpStatusCode.ServiceUnavailable);
        _server.Answers["/v1/brands"] = """{"brands":[]}""";
        Assert.Equal(0, await new WorldBuilder(_target, Ids).DeleteBrandsAsync(Stop));
        Assert.Equal(3, _server.Asked.Count);
    }

    [Fact]
    public async Task Only_what_belongs_to_the_run_is_deleted()
    {
        _server.Answers["/v1/brands"] = """{"brands":[{"id":"aurora"},{"id":"r1-b000"},{"id":"r10-b000"}]}""";
        _server.Answers["/v1/brands/r1-b000"] = "";
        _server.Answers["/v1/consumers/r1-c000000001"] = "{}";
        WorldBuilder builder = new(_target, Ids);
        Assert.Equal(new Erased(1, 0), await builder.EraseAsync(0, 3, null, Stop));
        Assert.Equal(1, await builder.DeleteBrandsAsync(Stop));
        Assert.Equal(
            ["DELETE /v1/brands/r1-b000 ", "DELETE /v1/consumers/r1-c000000000 ", "DELETE /v1/consumers/r1-c000000001 ", "DELETE /v1/consumers/r1-c000000002 "],
            _server.Asked.Where(a => a.StartsWith("DELETE", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task After_so_long_those_who_are_left_are_told()
    {
        Assert.Equal(new Erased(0, 7), await new WorldBuilder(_target, Ids).EraseAsync(5, 7, TimeSpan.Zero, Stop));
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task A_server_that_refuses_or_is_not_there_is_named()
    {
        LoadFailureException refused = await Assert.ThrowsAsync<LoadFailureException>(() => new WorldBuilder(_target, Ids).BuildAsync(Shape, 1, Stop));
        Assert.Contains("v1/brands/r1-b000 was answered with 404", refused.Message, StringComparison.Ordinal);
        using WorldTarget nobody = new(new Uri("http://127.0.0.1:1/"), null);
        LoadFailureException absent = await Assert.ThrowsAsync<LoadFailureException>(() => new WorldBuilder(nobody, Ids).BuildAsync(Shape, 1, Stop));
        Assert.Contains("127.0.0.1:1/ does not answer", absent.Message, StringComparison.Ordinal);
    }

    private sealed class Told(List<WorldProgress> told) : IProgress<WorldProgress>
    {
        public void Report(WorldProgress value)
        {
            lock (told)
            {
                told.Add(value);
            }
        }
    }
}
