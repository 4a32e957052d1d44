using Decisioning.Benchmarks.Http.Client;
using Decisioning.Benchmarks.Http.Server;
using Decisioning.Load.Arrivals;

namespace Decisioning.Benchmarks.Http;

/// <summary>The load of decisions: a page's usual request, of one of many consumers.</summary>
internal static class DecisionLoad
{
    public const int Connections = 64;
    public const string Path = "/v1/decisions";

    private const string Body =
        """{"consumer":{"id":"c-{c}"},"placements":[{"id":"home-top","channel":"home","formats":["video"],"size":"640x360","count":1}],"context":{"device":"mobile","country":"CN"}}""";

    public static LoadClient Open(ServerProcess server, string path, IConsumerChoice consumers, int connections = Connections) =>
        new(server.Address, connections, new RequestTemplate(path, Body), consumers, "\"decisionId\""u8);
}
