using System.Text;
using System.Text.Json.Nodes;
using Decisioning.Load.World;

namespace Decisioning.Load.Running;

/// <summary>Puts the first brand's document anew, with a shorter or a longer window in turn, so that its consumers have to be sorted anew.</summary>
internal sealed class BrandChanges
{
    private readonly byte[][] _requests;

    public BrandChanges(LoadPlan plan, string host) => _requests = [RequestOf(plan, host, "14d"), RequestOf(plan, host, "15d")];

    /// <summary>The request of the change with that number.</summary>
    public ReadOnlySpan<byte> RequestOf(long number) => _requests[number & 1];

    private static byte[] RequestOf(LoadPlan plan, string host, string window)
    {
        JsonObject document = WorldDocuments.Of(plan.Ids, 0, plan.Scenario.World.Creatives);
        document["rules"] = new JsonObject { ["windows"] = new JsonObject { ["awareness"] = window } };
        byte[] body = Encoding.UTF8.GetBytes(document.ToJsonString());
        string key = plan.Key is null ? "" : $"X-Api-Key: {plan.Key}\r\n";
        return
        [
            .. Encoding.ASCII.GetBytes($"PUT /v1/brands/{plan.Ids.BrandOf(0)} HTTP/1.1\r\nHost: {host}\r\n{key}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"),
            .. body,
        ];
    }
}
