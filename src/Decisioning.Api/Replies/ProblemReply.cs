using System.Globalization;
using System.Text.Json;
using Decisioning.Core.Catalogue;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Decisioning.Api.Replies;

/// <summary>Answers with a problem: RFC 9457, <c>application/problem+json</c>.</summary>
internal static class ProblemReply
{
    public const string ContentType = "application/problem+json";

    /// <summary>Answers a request that is not yet answered.</summary>
    public static Task SendAsync(HttpResponse response, Problem problem)
    {
        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        response.Headers.CacheControl = "no-store";
        return JsonReply.SendAsync(response, problem.Status, ContentType, problem, Write);
    }

    private static void Write(Utf8JsonWriter json, Problem problem)
    {
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(problem.Status));
        json.WriteNumber("status", problem.Status);
        json.WriteString("code", problem.Code);
        json.WriteString("detail", problem.Detail);
        if (problem.Line is { } line && problem.Position is { } position)
        {
            json.WriteNumber("line", line);
            json.WriteNumber("position", position);
        }

        if (problem.CurrentVersion is { } version)
        {
            json.WriteString("currentVersion", version);
        }

        if (problem.Faults.Count > 0)
        {
            WriteFaults(json, "errors", problem.Faults);
        }

        json.WriteEndObject();
    }

    /// <summary>Faults as <c>[{ pointer, code, detail }]</c>.</summary>
    public static void WriteFaults(Utf8JsonWriter json, string name, IReadOnlyList<Fault> faults)
    {
        json.WriteStartArray(name);
        foreach (Fault fault in faults)
        {
            json.WriteStartObject();
            json.WriteString("pointer", fault.Pointer);
            json.WriteString("code", fault.Code);
            json.WriteString("detail", fault.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
