using System.Text.Json;
using Decisioning.Api.Tests.Support;
using Decisioning.Core.Consumers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Decisioning.Api.Tests;

public class OpenApiDocumentTests
{
    [Fact]
    public async Task It_lists_exactly_what_is_mapped()
    {
        await using TestApi api = await TestApi.StartAsync();
        IEnumerable<string> documented = ContractCheck.Document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}"));
        Assert.Equal(Mapped(api).Select(m => $"{m.Method} {m.Pattern}").Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task It_is_served_as_it_is()
    {
        await using TestApi api = await TestApi.StartAsync();
        TestAnswer answer = await api.GetAsync("/openapi/v1.json");
        Assert.True(JsonElement.DeepEquals(ContractCheck.Document, answer.Json));
    }

    [Fact]
    public void It_lists_every_code_of_a_rejected_event()
    {
        IEnumerable<string?> documented = ContractCheck.Document.GetProperty("components").GetProperty("schemas").GetProperty("EventResult")
            .GetProperty("properties").GetProperty("code").GetProperty("enum").EnumerateArray().Select(c => c.GetString());
        Assert.Equal(typeof(EventCodes).GetFields().Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_component_is_used()
    {
        HashSet<string> used = [];
        Collect(ContractCheck.Document, used);
        HashSet<string> defined = [];
        foreach (string kind in new[] { "schemas", "responses" })
        {
            defined.UnionWith(ContractCheck.Document.GetProperty("components").GetProperty(kind).EnumerateObject().Select(c => $"#/components/{kind}/{c.Name}"));
        }

        Assert.Equal(defined.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_operation_has_its_own_id_a_summary_and_a_described_body()
    {
        JsonElement[] operations = [.. ContractCheck.Document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => o.Value))];
        Assert.Equal(operations.Length, operations.Select(o => o.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(operations, o => Assert.NotEmpty(o.GetProperty("summary").GetString()!));
        Assert.All(operations, o => Assert.True(!o.TryGetProperty("requestBody", out JsonElement body)
            || body.GetProperty("content").GetProperty("application/json").GetProperty("schema").TryGetProperty("$ref", out _)));
    }

    /// <summary>Every mapped method and route pattern; the hub, which speaks a protocol of its own, is none of them.</summary>
    internal static IEnumerable<(string Method, string Pattern)> Mapped(TestApi api) => api.Routes.Where(r => !r.RoutePattern.RawText!.StartsWith("/hubs/", StringComparison.Ordinal)).SelectMany(
        r => r.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(m => (m, r.RoutePattern.RawText!)));

    private static void Collect(JsonElement element, HashSet<string> references)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in element.EnumerateObject())
            {
                if (member.Name == "$ref")
                {
                    references.Add(member.Value.GetString()!);
                }

                Collect(member.Value, references);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                Collect(item, references);
            }
        }
    }
}
