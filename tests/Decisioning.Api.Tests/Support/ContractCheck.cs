using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Decisioning.Api.Text;

namespace Decisioning.Api.Tests.Support;

/// <summary>Holds answers against the OpenAPI document: the status must be listed, the content type and the body's shape must be as written there.</summary>
internal static class ContractCheck
{
    public static JsonElement Document { get; } = Load();

    public static void Check(string method, string path, TestAnswer answer)
    {
        if (path == "/hubs/pulse/negotiate" && answer.Status is System.Net.HttpStatusCode.OK)
        {
            // SignalR's own talk, before a connection.
            return;
        }

        if (Find(path) is not { } item || !item.TryGetProperty(method.ToLowerInvariant(), out JsonElement operation))
        {
            Assert.Equal("application/problem+json", answer.ContentType);
            Verify(Schema("Problem"), answer.Json, "");
            return;
        }

        if (answer.Status is System.Net.HttpStatusCode.InternalServerError)
        {
            Verify(Schema("Problem"), answer.Json, "");
            return;
        }

        string status = ((int)answer.Status).ToString(CultureInfo.InvariantCulture);
        Assert.True(operation.GetProperty("responses").TryGetProperty(status, out JsonElement response),
            $"{method} {path} answers {status}, which is not documented.");
        response = Resolve(response);
        if (!response.TryGetProperty("content", out JsonElement content))
        {
            Assert.Empty(answer.Body);
            return;
        }

        Assert.True(content.TryGetProperty(answer.ContentType!, out JsonElement media),
            $"{method} {path} answers {answer.ContentType}, which is not documented.");
        if (answer.ContentType!.EndsWith("json", StringComparison.Ordinal))
        {
            Verify(media.GetProperty("schema"), answer.Json, "");
        }
    }

    private static JsonElement? Find(string path)
    {
        foreach (JsonProperty item in Document.GetProperty("paths").EnumerateObject())
        {
            if (Regex.IsMatch(path, $"^{Regex.Replace(item.Name, "\\{[a-z]+\\}", "[^/]+")}$"))
            {
                return item.Value;
            }
        }

        return null;
    }

    private static void Verify(JsonElement schema, JsonElement value, string at)
    {
        string? fault = FaultOf(schema, value, at);
        Assert.True(fault is null, fault);
    }

    private static string? FaultOf(JsonElement schema, JsonElement value, string at)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("anyOf", out JsonElement choices))
        {
            string?[] faults = [.. choices.EnumerateArray().Select(c => FaultOf(c, value, at))];
            return faults.Any(f => f is null) ? null : faults[0];
        }

        if (schema.TryGetProperty("type", out JsonElement type) && !IsOfType(type, value))
        {
            return $"{at}: {value.ValueKind} is not {type}.";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => FaultOfObject(schema, value, at),
            JsonValueKind.Array when schema.TryGetProperty("items", out JsonElement items) =>
                value.EnumerateArray().Select((v, i) => FaultOf(items, v, $"{at}/{i}")).FirstOrDefault(f => f is not null),
            JsonValueKind.String => FaultOfText(schema, value.GetString()!, at),
            _ => null,
        };
    }

    private static string? FaultOfObject(JsonElement schema, JsonElement value, string at)
    {
        bool hasProperties = schema.TryGetProperty("properties", out JsonElement properties);
        bool hasMore = schema.TryGetProperty("additionalProperties", out JsonElement more);
        if (schema.TryGetProperty("required", out JsonElement required)
            && required.EnumerateArray().FirstOrDefault(r => !value.TryGetProperty(r.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing)
        {
            return $"{at}: {missing} is missing.";
        }

        foreach (JsonProperty member in value.EnumerateObject())
        {
            string place = $"{at}/{member.Name}";
            string? fault = hasProperties && properties.TryGetProperty(member.Name, out JsonElement known) ? FaultOf(known, member.Value, place)
                : hasMore && more.ValueKind == JsonValueKind.False ? $"{place} is not documented."
                : hasMore && more.ValueKind == JsonValueKind.Object ? FaultOf(more, member.Value, place)
                : null;
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? FaultOfText(JsonElement schema, string value, string at)
    {
        if (schema.TryGetProperty("enum", out JsonElement names) && !names.EnumerateArray().Any(n => n.GetString() == value))
        {
            return $"{at}: {value} is not one of {names}.";
        }

        bool isTime = schema.TryGetProperty("format", out JsonElement format) && format.GetString() == "date-time";
        return isTime && !Rfc3339.TryParse(System.Text.Encoding.UTF8.GetBytes(value), out _) ? $"{at}: {value} is no time." : null;
    }

    private static bool IsOfType(JsonElement type, JsonElement value) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(t => IsOfType(t, value))
        : type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => value.ValueKind == JsonValueKind.Number,
        };

    private static JsonElement Schema(string name) => Document.GetProperty("components").GetProperty("schemas").GetProperty(name);

    private static JsonElement Resolve(JsonElement element)
    {
        if (!element.TryGetProperty("$ref", out JsonElement reference))
        {
            return element;
        }

        return reference.GetString()!.Split('/').Skip(1).Aggregate(Document, (at, part) => at.GetProperty(part));
    }

    private static JsonElement Load()
    {
        using Stream resource = typeof(DecisioningApi).GetTypeInfo().Assembly.GetManifestResourceStream("openapi.v1.json")!;
        return JsonDocument.Parse(resource).RootElement;
    }
}
